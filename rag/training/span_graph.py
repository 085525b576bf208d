"""A trained span reader as an ONNX graph: its layers and its head, without the embeddings, which it shares with the encoder."""

from rag.training.bert_graph import Graph
from rag.training.span_model import SpanModel


def graph(model: SpanModel, *, narrow: bool = True) -> bytes:
    """The file's bytes, the same for the same weights.

    It takes `embedded`, the sum of a text's word, segment and position embeddings,
    float32 [1, tokens, width], and gives `ends`, the logits of an answer's start
    and end at each token, float32 [1, tokens, 2]. There is no mask: a text is read
    by itself, so nothing is padded. `narrow` keeps the layers' weights in int8 with
    a scale for each output, and multiplies in int8, what comes in having a scale
    for each token; the head stays in float32.
    """
    config = model.encoder.config
    made = Graph({name: tensor.detach().cpu().float().numpy() for name, tensor in model.state_dict().items()}, narrow=narrow)
    at = made.layers("encoder.", config)
    return made.serialized(made.multiplied(at, ["ends"]), "ends", [1, "tokens", 2], config.hidden_size)
