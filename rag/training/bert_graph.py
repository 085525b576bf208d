"""The layers of a BERT model as an ONNX graph, without the embeddings: they are read from the pinned model's file, where they lie."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

# what a graph takes: the sum of a text's word, segment and position embeddings, float32 [1, tokens, width]
EMBEDDED = "embedded"
# the first with an operator for attention, and the format of files that goes with it
_OPSET, _IR = 23, 11
# ONNX Runtime's own operators: a product of int8 that comes out in float32 is one step there, and four in ONNX
_RUNTIME = "com.microsoft"
# GELU gives nothing below this
_LOWEST = np.float32(-0.17)
# what a scale is at least, so that a row of zeros is not divided by zero
_LEAST = np.float32(1e-9)
# the scales that are tried, as shares of the one that reaches the largest weight
_SHARES = np.linspace(0.6, 1, 17)

Array = NDArray[Any]


def _narrowed(weight: Array) -> tuple[Array, Array]:
    """For each output the scale, float32 [out], and the weights in it, int8 [in, out], of least squared error: the largest weights may be cut off."""
    widest = np.maximum(np.abs(weight).max(0) / 127, _LEAST)
    scales = [(widest * share).astype(np.float32) for share in _SHARES]
    narrow = [np.clip(np.rint(weight / scale), -127, 127) for scale in scales]
    best = np.argmin([np.square(rounded * scale - weight).sum(0) for rounded, scale in zip(narrow, scales, strict=True)], axis=0)
    outputs = np.arange(weight.shape[1])
    return np.stack(scales)[best, outputs], np.stack(narrow, 1)[:, best, outputs].astype(np.int8)


class Graph:
    """Nodes and constants as they are added; a method that adds gives the name of what its last node gives."""

    def __init__(self, weights: Mapping[str, Array], *, narrow: bool) -> None:
        """`narrow` keeps the layers' weights in int8 with a scale for each output, and multiplies in int8: what comes in has one for each token."""
        self._weights = weights
        self._narrow = narrow
        self._nodes: list[onnx.NodeProto] = []
        self._constants: list[onnx.TensorProto] = []
        if narrow:
            self._middle = self._middles()

    def layers(self, prefix: str, config: Any) -> str:
        """The layers of a BERT model whose weights' names begin so, over `embedded`; `config` is its configuration."""
        heads = {"q_num_heads": config.num_attention_heads, "kv_num_heads": config.num_attention_heads}
        epsilon = config.layer_norm_eps
        at = self.normalized(EMBEDDED, f"{prefix}embeddings.LayerNorm", epsilon)
        for n in range(config.num_hidden_layers):
            layer = f"{prefix}encoder.layer.{n}."
            parts = self.linear(at, [f"{layer}attention.self.{part}" for part in ("query", "key", "value")])
            seen = self.node("Attention", self.thirds(parts), heads)
            seen = self.linear(seen, [f"{layer}attention.output.dense"])
            at = self.normalized(self.node("Add", [seen, at]), f"{layer}attention.output.LayerNorm", epsilon)
            wide = self.node("Gelu", [self.linear(at, [f"{layer}intermediate.dense"])])
            wide = self.linear(wide, [f"{layer}output.dense"], lowest=_LOWEST)
            at = self.normalized(self.node("Add", [wide, at]), f"{layer}output.LayerNorm", epsilon)
        return at

    def node(self, operator: str, inputs: Sequence[str], attributes: Mapping[str, Any] | None = None, domain: str = "") -> str:
        name = f"{operator}.{len(self._nodes)}"
        self._nodes.append(helper.make_node(operator, inputs, [name], name, domain=domain, **(attributes or {})))
        return name

    def normalized(self, at: str, layer: str, epsilon: float) -> str:
        scale, bias = (self.constant(self._weights[f"{layer}.{part}"]) for part in ("weight", "bias"))
        return self.node("LayerNormalization", [at, scale, bias], {"axis": -1, "epsilon": epsilon})

    def thirds(self, at: str) -> list[str]:
        outputs = [f"{at}.{n}" for n in range(3)]
        self._nodes.append(helper.make_node("Split", [at], outputs, axis=-1, num_outputs=3))
        return outputs

    def linear(self, at: str, layers: Sequence[str], lowest: np.float32 | None = None) -> str:
        """Layers of the same input side by side, as one product, narrow if the graph is; `lowest` is what no input is below, where that is known."""
        if not self._narrow:
            return self.multiplied(at, layers)
        weight, bias = self._joined(layers)
        scale, narrow = _narrowed(weight)
        if lowest is None:
            rows, scales, middle = self._signed(at)
        else:
            rows, scales, middle = self._unsigned(at, lowest)
            # what was taken from each input is given back to each output
            bias = bias + lowest * (narrow * scale).sum(0)
        constants = [self.constant(narrow), self.constant(np.float32(1)), self.constant(scale), self.constant(np.uint8(middle))]
        product = self.node("MatMulIntegerToFloat", [rows, *constants], domain=_RUNTIME)
        return self.node("Add", [self.node("Mul", [product, scales]), self.constant(bias.astype(np.float32))])

    def multiplied(self, at: str, layers: Sequence[str]) -> str:
        """The same in float32."""
        weight, bias = self._joined(layers)
        return self.node("Add", [self.node("MatMul", [at, self.constant(weight)]), self.constant(bias)])

    def serialized(self, last: str, name: str, shape: Sequence[int | str], width: int) -> bytes:
        """The file's bytes, the same for the same weights: it takes `embedded` and gives the last node's output under `name`, of that shape."""
        embedded = helper.make_tensor_value_info(EMBEDDED, TensorProto.FLOAT, [1, "tokens", width])
        given = helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
        nodes = [*self._nodes, helper.make_node("Identity", [last], [name])]
        made = helper.make_graph(nodes, name, [embedded], [given], self._constants)
        opsets = [helper.make_opsetid("", _OPSET), helper.make_opsetid(_RUNTIME, 1)]
        content: bytes = helper.make_model(made, opset_imports=opsets, ir_version=_IR).SerializeToString(deterministic=True)
        return content

    def _signed(self, at: str) -> tuple[str, str, int]:
        """Each token's values as uint8 about a middle, the tokens' scales, and the middle."""
        scales = self._scales(self.node("Abs", [at]), 127)
        return self.node("QuantizeLinear", [at, self._flat(scales), self._middle], {"axis": 1}), scales, 128

    def _unsigned(self, at: str, lowest: np.float32) -> tuple[str, str, int]:
        """The same about 0, of values that have a lowest one."""
        above = self.node("Sub", [at, self.constant(lowest)])
        scales = self._scales(above, 255)
        return self.node("QuantizeLinear", [above, self._flat(scales)], {"axis": 1}), scales, 0

    def _scales(self, above: str, steps: int) -> str:
        highest = self.node("ReduceMax", [above, self.constant(np.array([2]))], {"keepdims": 1})
        return self.node("Max", [self.node("Mul", [highest, self.constant(np.float32(1 / steps))]), self.constant(_LEAST)])

    def _flat(self, scales: str) -> str:
        return self.node("Reshape", [scales, self.constant(np.array([-1]))])

    def _middles(self) -> str:
        tokens = self.node("Shape", ["embedded"], {"start": 1, "end": 2})
        return self.node("ConstantOfShape", [tokens], {"value": helper.make_tensor("middle", TensorProto.UINT8, [1], [128])})

    def constant(self, array: Array | np.generic) -> str:
        name = f"constant.{len(self._constants)}"
        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(array).reshape(array.shape), name))
        return name

    def _joined(self, layers: Sequence[str]) -> tuple[Array, Array]:
        """Weights [in, out] and biases [out]."""
        weights = np.concatenate([self._weights[f"{layer}.weight"].T for layer in layers], axis=1)
        return weights, np.concatenate([self._weights[f"{layer}.bias"] for layer in layers])
