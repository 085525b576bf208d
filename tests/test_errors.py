import inspect

from rag import errors


def test_every_error_is_in_the_tree_that_the_module_draws():
    classes = [c for _, c in inspect.getmembers(errors, inspect.isclass)]
    assert all(issubclass(c, errors.PullquoteError) for c in classes)
    assert all(c.__name__ in (errors.__doc__ or "") for c in classes)
