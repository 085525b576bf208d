"""A trained span reader as an ONNX graph: its layers and its head, without the embeddings, which it shares with the encoder."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from rag.training.span_model import SpanModel

# the first with an operator for attention, and the format of files that goes with it
_OPSET, _IR = 23, 11
# ONNX Runtime's own operators: a product of int8 that comes out in float32 is one step there, and four in ONNX
_RUNTIME = "com.microsoft"
# GELU gives nothing below this
_LOWEST = np.float32(-0.17)
# what a scale is at least, so that a row of zeros is not divided by zero
_LEAST = np.float32(1e-9)

Array = NDArray[Any]


def graph(model: SpanModel, *, narrow: bool = True) -> bytes:
    """The file's bytes, the same for the same weights.

    It takes `embedded`, the sum of a text's word, segment and position embeddings,
    float32 [1, tokens, width], and gives `ends`, the logits of an answer's start
    and end at each token, float32 [1, tokens, 2]. There is no mask: a text is read
    by itself, so nothing is padded. `narrow` keeps the layers' weights in int8 with
    a scale for each output, and multiplies in int8, what comes in having a scale
    for each token; the head stays in float32.
    """
    made = _Graph({name: tensor.detach().cpu().float().numpy() for name, tensor in model.state_dict().items()}, narrow=narrow)
    config = model.encoder.config
    heads = {"q_num_heads": config.num_attention_heads, "kv_num_heads": config.num_attention_heads}
    epsilon = config.layer_norm_eps
    at = made.normalized("embedded", "encoder.embeddings.LayerNorm", epsilon)
    for n in range(config.num_hidden_layers):
        layer = f"encoder.encoder.layer.{n}."
        parts = made.linear(at, [f"{layer}attention.self.{part}" for part in ("query", "key", "value")])
        seen = made.node("Attention", made.thirds(parts), heads)
        seen = made.linear(seen, [f"{layer}attention.output.dense"])
        at = made.normalized(made.node("Add", [seen, at]), f"{layer}attention.output.LayerNorm", epsilon)
        wide = made.node("Gelu", [made.linear(at, [f"{layer}intermediate.dense"])])
        wide = made.linear(wide, [f"{layer}output.dense"], lowest=_LOWEST)
        at = made.normalized(made.node("Add", [wide, at]), f"{layer}output.LayerNorm", epsilon)
    return made.serialized(made.multiplied(at, ["ends"]), config.hidden_size)


class _Graph:
    """Nodes and constants as they are added; a method that adds gives the name of what its last node gives."""

    def __init__(self, weights: Mapping[str, Array], *, narrow: bool) -> None:
        self._weights = weights
        self._narrow = narrow
        self._nodes: list[onnx.NodeProto] = []
        self._constants: list[onnx.TensorProto] = []
        if narrow:
            self._middle = self._middles()

    def node(self, operator: str, inputs: Sequence[str], attributes: Mapping[str, Any] | None = None, domain: str = "") -> str:
        name = f"{operator}.{len(self._nodes)}"
        self._nodes.append(helper.make_node(operator, inputs, [name], name, domain=domain, **(attributes or {})))
        return name

    def normalized(self, at: str, layer: str, epsilon: float) -> str:
        scale, bias = (self._constant(self._weights[f"{layer}.{part}"]) for part in ("weight", "bias"))
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
        scale = np.maximum(np.abs(weight).max(0) / 127, _LEAST).astype(np.float32)
        narrow = np.rint(weight / scale).astype(np.int8)
        if lowest is None:
            rows, scales, middle = self._signed(at)
        else:
            rows, scales, middle = self._unsigned(at, lowest)
            # what was taken from each input is given back to each output
            bias = bias + lowest * (narrow * scale).sum(0)
        constants = [self._constant(narrow), self._constant(np.float32(1)), self._constant(scale), self._constant(np.uint8(middle))]
        product = self.node("MatMulIntegerToFloat", [rows, *constants], domain=_RUNTIME)
        return self.node("Add", [self.node("Mul", [product, scales]), self._constant(bias.astype(np.float32))])

    def multiplied(self, at: str, layers: Sequence[str]) -> str:
        """The same in float32."""
        weight, bias = self._joined(layers)
        return self.node("Add", [self.node("MatMul", [at, self._constant(weight)]), self._constant(bias)])

    def serialized(self, last: str, width: int) -> bytes:
        embedded = helper.make_tensor_value_info("embedded", TensorProto.FLOAT, [1, "tokens", width])
        ends = helper.make_tensor_value_info("ends", TensorProto.FLOAT, [1, "tokens", 2])
        nodes = [*self._nodes, helper.make_node("Identity", [last], ["ends"])]
        made = helper.make_graph(nodes, "span reader", [embedded], [ends], self._constants)
        opsets = [helper.make_opsetid("", _OPSET), helper.make_opsetid(_RUNTIME, 1)]
        content: bytes = helper.make_model(made, opset_imports=opsets, ir_version=_IR).SerializeToString(deterministic=True)
        return content

    def _signed(self, at: str) -> tuple[str, str, int]:
        """Each token's values as uint8 about a middle, the tokens' scales, and the middle."""
        scales = self._scales(self.node("Abs", [at]), 127)
        return self.node("QuantizeLinear", [at, self._flat(scales), self._middle], {"axis": 1}), scales, 128

    def _unsigned(self, at: str, lowest: np.float32) -> tuple[str, str, int]:
        """The same about 0, of values that have a lowest one."""
        above = self.node("Sub", [at, self._constant(lowest)])
        scales = self._scales(above, 255)
        return self.node("QuantizeLinear", [above, self._flat(scales)], {"axis": 1}), scales, 0

    def _scales(self, above: str, steps: int) -> str:
        highest = self.node("ReduceMax", [above, self._constant(np.array([2]))], {"keepdims": 1})
        return self.node("Max", [self.node("Mul", [highest, self._constant(np.float32(1 / steps))]), self._constant(_LEAST)])

    def _flat(self, scales: str) -> str:
        return self.node("Reshape", [scales, self._constant(np.array([-1]))])

    def _middles(self) -> str:
        tokens = self.node("Shape", ["embedded"], {"start": 1, "end": 2})
        return self.node("ConstantOfShape", [tokens], {"value": helper.make_tensor("middle", TensorProto.UINT8, [1], [128])})

    def _constant(self, array: Array | np.generic) -> str:
        name = f"constant.{len(self._constants)}"
        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(array).reshape(array.shape), name))
        return name

    def _joined(self, layers: Sequence[str]) -> tuple[Array, Array]:
        """Weights [in, out] and biases [out]."""
        weights = np.concatenate([self._weights[f"{layer}.weight"].T for layer in layers], axis=1)
        return weights, np.concatenate([self._weights[f"{layer}.bias"] for layer in layers])
