#include "tinymodel.h"

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>

namespace trilobit::test {

namespace {

using Row = std::vector<double>;

Row product(const Matrix& w, const Row& x, const Matrix* bias, bool int8) {
    Row input = x;
    if (int8) {
        // The definition rounds in float32; x is the same to far more digits than the distance to a tie.
        double largest = 1e-5;
        for (const double v : x)
            largest = std::max(largest, std::fabs(v));
        for (double& v : input)
            v = std::clamp(std::nearbyint(v * (127.0 / largest)), -128.0, 127.0) * (largest / 127.0);
    }
    Row y(static_cast<std::size_t>(w.rows));
    for (std::size_t r = 0; r < y.size(); ++r) {
        for (std::size_t c = 0; c < input.size(); ++c)
            y[r] += static_cast<double>(w.values[r * input.size() + c]) * input[c];
        if (bias)
            y[r] += static_cast<double>(bias->values[r]);
    }
    return y;
}

Row norm(const Row& x, const Matrix& weight, double eps) {
    double squares = 0;
    for (const double v : x)
        squares += v * v;
    Row y(x.size());
    for (std::size_t i = 0; i < x.size(); ++i)
        y[i] = x[i] / std::sqrt(squares / static_cast<double>(x.size()) + eps) * static_cast<double>(weight.values[i]);
    return y;
}

double frequency(const ModelConfig& c, std::size_t pair) {
    double f = 1 / std::pow(c.ropeBase, static_cast<double>(2 * pair) / static_cast<double>(c.ropeDim));
    if (!c.ropeFreqFactors.empty())
        return f / static_cast<double>(c.ropeFreqFactors[pair]);
    if (c.ropeScaling.kind == RopeScaling::Kind::Linear)
        return f / c.ropeScaling.factor;
    if (c.ropeScaling.kind == RopeScaling::Kind::Llama3) { // by wavelength, as its authors write it
        const double wave = 2 * std::numbers::pi / f, context = static_cast<double>(c.ropeScaling.originalContext);
        const double low = context / c.ropeScaling.lowFreqFactor, high = context / c.ropeScaling.highFreqFactor;
        if (wave > low)
            return f / c.ropeScaling.factor;
        if (wave >= high) {
            const double smooth = (context / wave - c.ropeScaling.lowFreqFactor)
                                  / (c.ropeScaling.highFreqFactor - c.ropeScaling.lowFreqFactor);
            return (1 - smooth) * f / c.ropeScaling.factor + smooth * f;
        }
    }
    return f;
}

void rotate(const ModelConfig& c, Row& x, std::size_t position) {
    const std::size_t dim = static_cast<std::size_t>(c.headDim), half = static_cast<std::size_t>(c.ropeDim / 2);
    for (std::size_t head = 0; head * dim < x.size(); ++head)
        for (std::size_t i = 0; i < half; ++i) {
            const bool interleaved = c.rope == RopeKind::Interleaved;
            double& a = x[head * dim + (interleaved ? 2 * i : i)];
            double& b = x[head * dim + (interleaved ? 2 * i + 1 : i + half)];
            const auto turned = std::complex<double>(a, b) * std::polar(1.0, static_cast<double>(position) * frequency(c, i));
            a = turned.real();
            b = turned.imag();
        }
}

double activate(Activation kind, double x) {
    switch (kind) {
    case Activation::Silu: return x / (1 + std::exp(-x));
    case Activation::Relu2: return x > 0 ? x * x : 0;
    case Activation::GeluTanh:
        return 0.5 * x * (1 + std::tanh(std::sqrt(2 / std::numbers::pi) * (x + 0.044715 * x * x * x)));
    }
    return 0;
}

Row attention(const ModelConfig& c, const Row& q, const std::vector<Row>& keys, const std::vector<Row>& values) {
    const std::size_t dim = static_cast<std::size_t>(c.headDim), group = static_cast<std::size_t>(c.heads / c.kvHeads);
    Row out(q.size());
    for (std::size_t h = 0; h < static_cast<std::size_t>(c.heads); ++h) {
        Row weights(keys.size());
        double sum = 0;
        for (std::size_t j = 0; j < keys.size(); ++j) {
            double score = 0;
            for (std::size_t d = 0; d < dim; ++d)
                score += q[h * dim + d] * keys[j][h / group * dim + d];
            sum += weights[j] = std::exp(score / std::sqrt(static_cast<double>(dim)));
        }
        for (std::size_t j = 0; j < keys.size(); ++j)
            for (std::size_t d = 0; d < dim; ++d)
                out[h * dim + d] += weights[j] / sum * values[j][h / group * dim + d];
    }
    return out;
}

} // namespace

ModelConfig tinyConfig() {
    ModelConfig c;
    c.architecture = "llama";
    c.vocabSize = 50;
    c.contextLength = 64;
    c.hiddenSize = 48;
    c.layers = 2;
    c.ffnSize = 80;
    c.heads = 4;
    c.kvHeads = 2;
    c.headDim = c.ropeDim = 12;
    return c;
}

bool TinyModel::isBlockMatrix(const std::string& name) {
    return name.rfind("blk.", 0) == 0 && name.find("norm") == std::string::npos && name.find("bias") == std::string::npos;
}

TinyModel TinyModel::random(const ModelConfig& c, std::uint64_t seed) {
    TinyModel m;
    m.config = c;
    Rng rng(seed);
    const auto add = [&](const std::string& name, std::int64_t rows, std::int64_t cols, double mean, double spread) {
        Matrix matrix{rows, cols, std::vector<float>(static_cast<std::size_t>(rows * cols))};
        for (float& v : matrix.values)
            v = static_cast<float>(mean + spread * rng.normal());
        m.tensors[name] = std::move(matrix);
    };
    const auto linear = [&](const std::string& name, std::int64_t rows, std::int64_t cols) {
        add(name, rows, cols, 0, 1.5 / std::sqrt(static_cast<double>(cols)));
    };
    linear("token_embd.weight", c.vocabSize, c.hiddenSize);
    add("output_norm.weight", 1, c.hiddenSize, 1, 0.2);
    if (!c.tiedOutput)
        linear("output.weight", c.vocabSize, c.hiddenSize);
    for (std::int64_t i = 0; i < c.layers; ++i) {
        const std::string blk = "blk." + std::to_string(i) + ".";
        const std::int64_t q = c.heads * c.headDim, kv = c.kvHeads * c.headDim;
        add(blk + "attn_norm.weight", 1, c.hiddenSize, 1, 0.2);
        add(blk + "ffn_norm.weight", 1, c.hiddenSize, 1, 0.2);
        linear(blk + "attn_q.weight", q, c.hiddenSize);
        linear(blk + "attn_k.weight", kv, c.hiddenSize);
        linear(blk + "attn_v.weight", kv, c.hiddenSize);
        linear(blk + "attn_output.weight", c.hiddenSize, q);
        linear(blk + "ffn_gate.weight", c.ffnSize, c.hiddenSize);
        linear(blk + "ffn_up.weight", c.ffnSize, c.hiddenSize);
        linear(blk + "ffn_down.weight", c.hiddenSize, c.ffnSize);
        if (c.subNorms) {
            add(blk + "attn_sub_norm.weight", 1, q, 1, 0.2);
            add(blk + "ffn_sub_norm.weight", 1, c.ffnSize, 1, 0.2);
        }
        if (c.qkvBias) {
            add(blk + "attn_q.bias", 1, q, 0, 0.5);
            add(blk + "attn_k.bias", 1, kv, 0, 0.5);
            add(blk + "attn_v.bias", 1, kv, 0, 0.5);
        }
    }
    return m;
}

std::shared_ptr<const Model> TinyModel::model(const std::string& encodingId,
                                              std::shared_ptr<const Tokenizer> tokenizer) const {
    const auto encoding = std::make_shared<PlainEncoding>(encodingId);
    Model::Parts parts;
    parts.container = "memory";
    parts.config = config;
    parts.tokenizer = std::move(tokenizer);
    for (const auto& [name, matrix] : tensors) {
        const auto copy = std::make_shared<std::vector<float>>(matrix.values);
        Tensor tensor;
        tensor.name = tensor.sourceName = name;
        tensor.rows = matrix.rows;
        tensor.cols = matrix.cols;
        tensor.dimensions = matrix.rows == 1 ? 1 : 2;
        tensor.encoding = encoding;
        tensor.bytes = std::as_bytes(std::span<const float>(*copy));
        tensor.owner = copy;
        parts.tensors.push_back(std::move(tensor));
    }
    return std::make_shared<const Model>(std::move(parts));
}

std::vector<double> TinyModel::logits(const std::vector<std::int32_t>& ids, bool int8,
                                      const std::function<void(const std::string&, const Row&)>& watch) const {
    const auto find = [&](const std::string& name) -> const Matrix* {
        const auto it = tensors.find(name);
        return it == tensors.end() ? nullptr : &it->second;
    };
    const ModelConfig& c = config;
    std::vector<std::vector<Row>> keys(static_cast<std::size_t>(c.layers)), values = keys;
    std::vector<double> out;
    for (std::size_t t = 0; t < ids.size(); ++t) {
        const Matrix& table = *find("token_embd.weight");
        const auto first = table.values.begin() + ids[t] * c.hiddenSize;
        Row x(first, first + c.hiddenSize);
        for (std::size_t layer = 0; layer < keys.size(); ++layer) {
            const std::string blk = "blk." + std::to_string(layer) + ".";
            const auto linear = [&](const std::string& stem, const Row& input) {
                if (watch)
                    watch(blk + stem + ".weight", input);
                return product(*find(blk + stem + ".weight"), input, find(blk + stem + ".bias"), int8);
            };
            const Row normed = norm(x, *find(blk + "attn_norm.weight"), c.rmsEps);
            Row q = linear("attn_q", normed), k = linear("attn_k", normed);
            rotate(c, q, t);
            rotate(c, k, t);
            keys[layer].push_back(k);
            values[layer].push_back(linear("attn_v", normed));
            Row attended = attention(c, q, keys[layer], values[layer]);
            if (c.subNorms)
                attended = norm(attended, *find(blk + "attn_sub_norm.weight"), c.rmsEps);
            const Row o = linear("attn_output", attended);
            for (std::size_t i = 0; i < x.size(); ++i)
                x[i] += o[i];
            const Row h = norm(x, *find(blk + "ffn_norm.weight"), c.rmsEps);
            Row gate = linear("ffn_gate", h);
            const Row up = linear("ffn_up", h);
            for (std::size_t i = 0; i < gate.size(); ++i)
                gate[i] = activate(c.activation, gate[i]) * up[i];
            if (c.subNorms)
                gate = norm(gate, *find(blk + "ffn_sub_norm.weight"), c.rmsEps);
            const Row down = linear("ffn_down", gate);
            for (std::size_t i = 0; i < x.size(); ++i)
                x[i] += down[i];
        }
        const std::string output = c.tiedOutput ? "token_embd.weight" : "output.weight";
        const Row last = norm(x, *find("output_norm.weight"), c.rmsEps);
        if (watch)
            watch(output, last);
        const Row logits = product(*find(output), last, nullptr, false);
        out.insert(out.end(), logits.begin(), logits.end());
    }
    return out;
}

} // namespace trilobit::test
