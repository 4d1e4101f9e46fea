#include "core/engine/engine.h"

#include "core/base/machine.h"
#include "core/engine/decoder.h"

#include <algorithm>
#include <cmath>
#include <new>
#include <numbers>
#include <set>

namespace trilobit {

namespace {

constexpr int kMaxThreads = 256;

Error cannotRun(const std::string& tensor, const std::string& why) {
    return Error{ErrorCode::Unsupported, why, {}, tensor, {}};
}

/// The shapes the graph multiplies must be sane before anything is allocated from them.
Result<void> checkConfig(const ModelConfig& c) {
    const auto within = [](std::int64_t v, std::int64_t top) { return v >= 1 && v <= top; };
    constexpr std::int64_t kMaxWidth = std::int64_t{1} << 24;
    if (!within(c.hiddenSize, kMaxWidth) || !within(c.ffnSize, kMaxWidth) || !within(c.vocabSize, kMaxWidth)
        || !within(c.heads, 1 << 16) || !within(c.kvHeads, 1 << 16) || !within(c.headDim, 1 << 16)
        || !within(c.layers, 1 << 16) || c.heads * c.headDim > kMaxWidth)
        return fail(ErrorCode::Unsupported, "the model's sizes are outside what the engine runs");
    if (c.heads % c.kvHeads != 0)
        return fail(ErrorCode::Unsupported, "the number of heads is not a multiple of the number of key/value heads");
    if (c.ropeDim < 0 || c.ropeDim > c.headDim || c.ropeDim % 2 != 0)
        return fail(ErrorCode::Unsupported, "the rotary dimension must be even and at most the head dimension");
    if (!c.ropeFreqFactors.empty() && static_cast<std::int64_t>(c.ropeFreqFactors.size()) != c.ropeDim / 2)
        return fail(ErrorCode::Unsupported, "the rotary frequency factors do not match the rotary dimension");
    for (const auto* factors : {&c.ropeShortFactors, &c.ropeLongFactors})
        if (!factors->empty() && static_cast<std::int64_t>(factors->size()) != c.ropeDim / 2)
            return fail(ErrorCode::Unsupported, "the rotary factors do not match the rotary dimension");
    if (!c.layerTraits.empty() && static_cast<std::int64_t>(c.layerTraits.size()) != c.layers)
        return fail(ErrorCode::Unsupported, "the traits of blocks do not match their number");
    const Experts& e = c.experts;
    if (e.count != 0 && (!within(e.count, 1 << 16) || !within(e.used, e.count) || !within(e.ffnSize, kMaxWidth)))
        return fail(ErrorCode::Unsupported, "the numbers of experts are outside what the engine runs");
    if (!(c.rmsEps >= 0) || !(c.ropeBase > 0) || !std::isfinite(c.rmsEps) || !std::isfinite(c.ropeBase))
        return fail(ErrorCode::Unsupported, "the norm epsilon or the rotary base is not a usable number");
    return {};
}

/// Looks tensors up by name, checks shapes and remembers which the graph used.
class Binder {
public:
    Binder(const Model& model, LinearOptions options, std::deque<Tensor>& slices, RunControl& control)
        : m_model(model), m_options(options), m_slices(slices), m_control(control) {}

    Result<const Tensor*> matrix(const std::string& name, std::int64_t rows, std::int64_t cols) {
        const Tensor* tensor = m_model.find(name);
        if (!tensor)
            return cannotRun(name, "the graph needs this tensor and the model has none");
        if (tensor->rows != rows || tensor->cols != cols)
            return cannotRun(name, "the tensor is " + std::to_string(tensor->rows) + " x " + std::to_string(tensor->cols)
                                       + ", the graph needs " + std::to_string(rows) + " x " + std::to_string(cols));
        const auto bytes = tensor->encoding ? tensor->encoding->sizeBytes(rows, cols) : Result<std::uint64_t>(0);
        if (!tensor->encoding || !bytes || *bytes != tensor->bytes.size())
            return cannotRun(name, "the tensor's bytes do not fit its encoding");
        m_used.insert(name);
        return tensor;
    }

    Result<std::vector<float>> vector(const std::string& name, std::int64_t size) {
        TRILOBIT_TRY(const Tensor* tensor, matrix(name, 1, size));
        std::vector<float> values(static_cast<std::size_t>(size));
        tensor->encoding->decodeRows(tensor->bytes, 1, size, 0, 1, values.data());
        return values;
    }

    /// A norm as the graph multiplies with it: what the file holds plus the family's offset.
    Result<std::vector<float>> norm(const std::string& name, std::int64_t size) {
        TRILOBIT_TRY(std::vector<float> values, vector(name, size));
        if (const float offset = static_cast<float>(m_model.config().normOffset); offset != 0)
            for (float& v : values)
                v += offset;
        return values;
    }

    /// Matrices that stand in one tensor ("blk.0.ffn_up_exps") or one by one ("blk.0.ffn_up.3").
    Result<std::vector<Linear>> experts(const std::string& stem, std::int64_t rows, std::int64_t cols) {
        const std::int64_t count = m_model.config().experts.count;
        std::vector<Linear> all;
        if (!m_model.find(stem + "_exps.weight")) {
            for (std::int64_t i = 0; i < count; ++i) {
                TRILOBIT_TRY(Linear bound, linear(stem + "." + std::to_string(i), rows, cols));
                all.push_back(std::move(bound));
            }
            return all;
        }
        TRILOBIT_TRY(const Tensor* stack, matrix(stem + "_exps.weight", rows * count, cols));
        const auto each = stack->encoding->sizeBytes(rows, cols);
        if (!each || *each * static_cast<std::uint64_t>(count) != stack->bytes.size()
            || stack->encoding->info().bytesPerBlock <= 0)
            return cannotRun(stack->name, "as " + stack->encoding->info().id + ", its experts cannot be taken apart");
        for (std::int64_t i = 0; i < count; ++i) {
            if (m_control.isCancelled())
                return cancelledError();
            Tensor& slice = m_slices.emplace_back(*stack);
            slice.rows = rows;
            slice.stack = 1;
            slice.expert = static_cast<int>(i);
            slice.bytes = stack->bytes.subspan(static_cast<std::size_t>(*each) * static_cast<std::size_t>(i),
                                               static_cast<std::size_t>(*each));
            TRILOBIT_TRY(Linear bound, makeLinear(slice, m_options, m_control));
            all.push_back(std::move(bound));
        }
        return all;
    }

    /// `stem`.weight with `stem`.bias and `stem`.scale (one number, in BitNet files of older converters) when there are.
    Result<Linear> linear(const std::string& stem, std::int64_t rows, std::int64_t cols, bool needsBias = false) {
        TRILOBIT_TRY(const Tensor* tensor, matrix(stem + ".weight", rows, cols));
        TRILOBIT_TRY(Linear bound, makeLinear(*tensor, m_options, m_control));
        if (bound.kind == Linear::Kind::Ternary || bound.kind == Linear::Kind::Blocks)
            m_model.release(tensor->bytes); // the panels stand for them from here on
        if (needsBias || m_model.find(stem + ".bias")) {
            TRILOBIT_TRY(bound.bias, vector(stem + ".bias", rows));
        }
        if (m_model.find(stem + ".scale")) {
            TRILOBIT_TRY(const std::vector<float> scale, vector(stem + ".scale", 1));
            if (!std::isfinite(scale.front()))
                return cannotRun(stem + ".scale", "the scale of the matrix is not a finite number");
            bound.outputScale = scale.front();
        }
        return bound;
    }

    /// A block tensor that the graph did not use changes the function: better to refuse than to ignore it.
    Result<void> checkAllUsed() const {
        for (const Tensor& tensor : m_model.tensors())
            if (tensor.name.rfind("blk.", 0) == 0 && !m_used.contains(tensor.name))
                return cannotRun(tensor.name, "the decoder graph has no place for this tensor");
        return {};
    }
    void adopt(const Binder& other) { m_used.insert(other.m_used.begin(), other.m_used.end()); }

private:
    const Model& m_model;
    LinearOptions m_options;
    std::deque<Tensor>& m_slices;
    RunControl& m_control;
    std::set<std::string> m_used;
};

Result<void> bindNorms(Binder& bind, const ModelConfig& c, const std::string& blk, DecoderLayer& layer) {
    const std::int64_t qRows = c.heads * c.headDim, kvRows = c.kvHeads * c.headDim;
    if (c.norms != NormPlaces::After) {
        TRILOBIT_TRY(layer.attnNorm, bind.norm(blk + "attn_norm.weight", c.hiddenSize));
        TRILOBIT_TRY(layer.ffnNorm, bind.norm(blk + "ffn_norm.weight", c.hiddenSize));
    }
    if (c.norms != NormPlaces::Before) {
        TRILOBIT_TRY(layer.attnPostNorm, bind.norm(blk + "post_attention_norm.weight", c.hiddenSize));
        TRILOBIT_TRY(layer.ffnPostNorm, bind.norm(blk + "post_ffw_norm.weight", c.hiddenSize));
    }
    if (c.subNorms) {
        TRILOBIT_TRY(layer.attnSubNorm, bind.norm(blk + "attn_sub_norm.weight", qRows));
        TRILOBIT_TRY(layer.ffnSubNorm, bind.norm(blk + "ffn_sub_norm.weight", c.ffnSize));
    }
    if (c.qkNorm != QkNorm::None) {
        const bool perHead = c.qkNorm == QkNorm::PerHead;
        TRILOBIT_TRY(layer.qNorm, bind.norm(blk + "attn_q_norm.weight", perHead ? c.headDim : qRows));
        TRILOBIT_TRY(layer.kNorm, bind.norm(blk + "attn_k_norm.weight", perHead ? c.headDim : kvRows));
    }
    return {};
}

Result<void> bindFfn(Binder& bind, Binder& plain, const ModelConfig& c, const std::string& blk, DecoderLayer& layer) {
    if (c.experts.count > 0) {
        const std::int64_t ffn = c.experts.ffnSize;
        TRILOBIT_TRY(layer.experts.router, plain.linear(blk + "ffn_gate_inp", c.experts.count, c.hiddenSize));
        TRILOBIT_TRY(layer.experts.gate, bind.experts(blk + "ffn_gate", ffn, c.hiddenSize));
        TRILOBIT_TRY(layer.experts.up, bind.experts(blk + "ffn_up", ffn, c.hiddenSize));
        TRILOBIT_TRY(layer.experts.down, bind.experts(blk + "ffn_down", c.hiddenSize, ffn));
        return {};
    }
    if (c.fusedGateUp) {
        TRILOBIT_TRY(layer.gateUp, bind.linear(blk + "ffn_up", 2 * c.ffnSize, c.hiddenSize));
    } else {
        TRILOBIT_TRY(layer.gate, bind.linear(blk + "ffn_gate", c.ffnSize, c.hiddenSize));
        TRILOBIT_TRY(layer.up, bind.linear(blk + "ffn_up", c.ffnSize, c.hiddenSize));
    }
    TRILOBIT_TRY(layer.down, bind.linear(blk + "ffn_down", c.hiddenSize, c.ffnSize));
    return {};
}

Result<DecoderLayer> bindLayer(Binder& bind, Binder& plain, const ModelConfig& c, std::int64_t index) {
    const std::string blk = "blk." + std::to_string(index) + ".";
    const std::int64_t qRows = c.heads * c.headDim, kvRows = c.kvHeads * c.headDim;
    DecoderLayer layer;
    layer.rotates = c.traits(index).rotates;
    layer.sliding = c.traits(index).sliding && c.slidingWindow > 0;
    TRILOBIT_CHECK(bindNorms(bind, c, blk, layer));
    if (c.fusedQkv) {
        TRILOBIT_TRY(layer.qkv, bind.linear(blk + "attn_qkv", qRows + 2 * kvRows, c.hiddenSize));
    } else {
        TRILOBIT_TRY(layer.q, bind.linear(blk + "attn_q", qRows, c.hiddenSize, c.qkvBias));
        TRILOBIT_TRY(layer.k, bind.linear(blk + "attn_k", kvRows, c.hiddenSize, c.qkvBias));
        TRILOBIT_TRY(layer.v, bind.linear(blk + "attn_v", kvRows, c.hiddenSize, c.qkvBias));
    }
    TRILOBIT_TRY(layer.o, bind.linear(blk + "attn_output", c.hiddenSize, qRows));
    TRILOBIT_CHECK(bindFfn(bind, plain, c, blk, layer));
    return layer;
}

/// Yarn: waves that turn often within the original context keep their frequency, slow ones are stretched, with a ramp over
/// the pairs between.
void stretchByYarn(const ModelConfig& c, std::vector<double>& frequencies) {
    const RopeScaling& s = c.ropeScaling;
    const double dim = static_cast<double>(c.ropeDim);
    const auto pairOf = [&](double turns) {
        return dim * std::log(static_cast<double>(s.originalContext) / (turns * 2 * std::numbers::pi))
               / (2 * std::log(c.ropeBase));
    };
    const double low = std::max(std::floor(pairOf(s.betaFast)), 0.0);
    double high = std::min(std::ceil(pairOf(s.betaSlow)), dim - 1);
    if (high == low)
        high += 0.001;
    for (std::size_t i = 0; i < frequencies.size(); ++i) {
        const double ramp = std::clamp((static_cast<double>(i) - low) / (high - low), 0.0, 1.0);
        frequencies[i] = frequencies[i] / s.factor * ramp + frequencies[i] * (1 - ramp);
    }
}

} // namespace

Rotation rotationOf(const ModelConfig& config, std::int64_t contextLength, bool sliding) {
    Rotation rotation;
    std::vector<double>& frequencies = rotation.frequencies;
    frequencies.resize(static_cast<std::size_t>(config.ropeDim / 2));
    const RopeScaling& scaling = config.ropeScaling;
    const bool own = sliding && config.slidingRopeBase > 0;
    for (std::size_t i = 0; i < frequencies.size(); ++i)
        frequencies[i] = std::pow(own ? config.slidingRopeBase : config.ropeBase,
                                  -2.0 * static_cast<double>(i) / static_cast<double>(config.ropeDim));
    if (own)
        return rotation;
    rotation.magnitude = scaling.magnitude;
    const auto divide = [&](const std::vector<float>& factors) {
        for (std::size_t i = 0; i < frequencies.size() && i < factors.size(); ++i)
            frequencies[i] /= static_cast<double>(factors[i]);
    };
    switch (scaling.kind) {
    case RopeScaling::Kind::None: divide(config.ropeFreqFactors); break;
    case RopeScaling::Kind::Linear:
        divide(config.ropeFreqFactors);
        for (double& f : frequencies)
            f /= scaling.factor;
        break;
    case RopeScaling::Kind::Llama3:
        if (!config.ropeFreqFactors.empty()) {
            divide(config.ropeFreqFactors);
            break;
        }
        // Long waves are slowed by `factor`, short ones kept, those between blended (Llama 3.1).
        for (double& f : frequencies) {
            const double turns = static_cast<double>(scaling.originalContext) * f / (2 * std::numbers::pi);
            const double keep = std::clamp(
                (turns - scaling.lowFreqFactor) / (scaling.highFreqFactor - scaling.lowFreqFactor), 0.0, 1.0);
            f = keep * f + (1 - keep) * f / scaling.factor;
        }
        break;
    case RopeScaling::Kind::Yarn:
        divide(config.ropeFreqFactors);
        stretchByYarn(config, frequencies);
        break;
    case RopeScaling::Kind::Longrope:
        divide(contextLength > scaling.originalContext ? config.ropeLongFactors : config.ropeShortFactors);
        break;
    }
    return rotation;
}

Result<std::shared_ptr<const Engine>> Engine::create(std::shared_ptr<const Model> model, const EngineOptions& options,
                                                     RunControl& control) {
    return Decoder::make(std::move(model), options, control);
}

Result<std::shared_ptr<const Engine>> Decoder::make(std::shared_ptr<const Model> model, const EngineOptions& options,
                                                    RunControl& control) {
    if (options.threads < 0 || options.threads > kMaxThreads)
        return fail(ErrorCode::Usage, "threads must be 0 (all) to " + std::to_string(kMaxThreads));
    try {
        const auto decoder = std::make_shared<Decoder>();
        decoder->m_model = std::move(model);
        decoder->m_threads = std::min(options.threads > 0 ? options.threads : defaultThreads(), kMaxThreads);
        TRILOBIT_TRY(decoder->m_set, selectKernelSet());
        TRILOBIT_CHECK(checkConfig(decoder->config()));
        TRILOBIT_CHECK(decoder->bind(options, control));
        return std::shared_ptr<const Engine>(decoder);
    } catch (const std::bad_alloc&) {
        return fail(ErrorCode::OutOfMemory, "not enough memory for the engine");
    }
}

namespace {

kernels::TernaryForm formOf(TernaryLayout layout, const KernelSet& set) {
    switch (layout) {
    case TernaryLayout::TwoBits: return kernels::TernaryForm::TwoBits;
    case TernaryLayout::Base3: return kernels::TernaryForm::Base3;
    case TernaryLayout::Lookup: return kernels::TernaryForm::Lookup;
    case TernaryLayout::Auto: break;
    }
    return set.oneToken;
}

kernels::CacheType cacheTypeOf(CacheChoice choice, bool fast, std::int64_t headDim) {
    switch (choice) {
    case CacheChoice::F32: return kernels::CacheType::F32;
    case CacheChoice::F16: return kernels::CacheType::F16;
    case CacheChoice::Q8_0: return headDim % kernels::kCacheBlock == 0 ? kernels::CacheType::Q8_0 : kernels::CacheType::F16;
    case CacheChoice::Auto: break;
    }
    return fast ? kernels::CacheType::F16 : kernels::CacheType::F32;
}

} // namespace

Result<void> Decoder::bind(const EngineOptions& options, RunControl& control) {
    const ModelConfig& c = config();
    const bool fast = options.activations == ActivationPath::Fast;
    m_cacheType = cacheTypeOf(options.cache, fast, c.headDim);
    const bool int8 = fast || options.activations == ActivationPath::Int8PerToken
                      || (options.activations == ActivationPath::Auto
                          && c.activationQuant == ActivationQuant::Int8PerToken);
    MatrixMemory memory;
    LinearOptions blocks, plain; // plain: embedding and output stay as they are
    blocks.int8 = int8;
    blocks.ternarize = c.ternarization == WeightTernarization::OnlineAbsmean;
    blocks.threads = m_threads;
    blocks.set = m_set;
    blocks.blocks = fast;
    blocks.ternaryForm = formOf(options.ternary, *m_set);
    blocks.memory = plain.memory = &memory;
    plain.threads = m_threads;
    plain.set = m_set;
    plain.blocks = fast;

    Binder outer(*m_model, plain, m_slices, control), inner(*m_model, blocks, m_slices, control);
    TRILOBIT_TRY(m_embedding, outer.matrix("token_embd.weight", c.vocabSize, c.hiddenSize));
    TRILOBIT_TRY(m_outputNorm, outer.norm("output_norm.weight", c.hiddenSize));
    TRILOBIT_TRY(m_output, outer.linear(c.tiedOutput ? "token_embd" : "output", c.vocabSize, c.hiddenSize));
    for (std::int64_t i = 0; i < c.layers; ++i) {
        if (control.isCancelled())
            return cancelledError();
        TRILOBIT_TRY(DecoderLayer layer, trilobit::bindLayer(inner, outer, c, i));
        m_layers.push_back(std::move(layer));
        control.progress(static_cast<double>(i + 1), static_cast<double>(c.layers), "preparing weights");
    }
    inner.adopt(outer);
    TRILOBIT_CHECK(inner.checkAllUsed());
    m_maxCols = std::max({c.hiddenSize, c.ffnSize, c.heads * c.headDim, c.experts.ffnSize});
    describe();
    return {};
}

void Decoder::describe() {
    std::size_t total = 0, int8 = 0, perBlock = 0;
    const auto add = [&](const Linear& linear, bool block) {
        if (!linear.tensor)
            return;
        // The parts of a stack are one tensor of the file.
        if (m_kernels.empty() || m_kernels.back().tensor != linear.tensor->name)
            m_kernels.push_back({linear.tensor->name, linear.tensor->encoding->info().id, linear.kernelName(*m_set)});
        m_bytes.owned += linear.ownedBytes();
        m_bytes.mapped += linear.mappedBytes();
        m_bytes.perToken += linear.ownedBytes() + linear.mappedBytes();
        perBlock += linear.kind == Linear::Kind::Blocks;
        total += block;
        int8 += block && linear.int8;
    };
    const auto addNorm = [&](const std::vector<float>& norm) {
        m_bytes.owned += sizeof(float) * norm.size();
        m_bytes.perToken += sizeof(float) * norm.size();
    };
    m_bytes.perToken += m_embedding->bytes.size() / static_cast<std::uint64_t>(m_embedding->rows); // one row is looked up
    if (!config().tiedOutput || m_output.mappedBytes() == 0)
        m_bytes.mapped += m_embedding->bytes.size();
    if (!config().tiedOutput)
        m_kernels.push_back({m_embedding->name, m_embedding->encoding->info().id, "lookup"});
    for (const DecoderLayer& layer : m_layers) {
        for (const Linear* linear : {&layer.q, &layer.k, &layer.v, &layer.qkv, &layer.o, &layer.gate, &layer.up,
                                     &layer.gateUp, &layer.down})
            add(*linear, true);
        add(layer.experts.router, false);
        const std::uint64_t before = m_bytes.perToken;
        for (const auto* row : {&layer.experts.gate, &layer.experts.up, &layer.experts.down})
            for (const Linear& linear : *row)
                add(linear, true);
        if (const Experts& e = config().experts; e.count > 0) // all alike: a token reads those that are chosen
            m_bytes.perToken = before + (m_bytes.perToken - before) / static_cast<std::uint64_t>(e.count)
                                            * static_cast<std::uint64_t>(e.used);
        for (const auto* norm : {&layer.attnNorm, &layer.ffnNorm, &layer.attnPostNorm, &layer.ffnPostNorm,
                                 &layer.attnSubNorm, &layer.ffnSubNorm, &layer.qNorm, &layer.kNorm})
            addNorm(*norm);
    }
    add(m_output, false);
    addNorm(m_outputNorm);
    m_path = int8 == 0 ? "float" : "int8 activations (per token)";
    if (int8 != 0 && int8 != total)
        m_path += " in " + std::to_string(int8) + " of " + std::to_string(total) + " block matrices, float in the rest";
    if (perBlock != 0)
        m_path = (int8 == 0 ? "" : m_path + "; ") + "int8 activations (per block of 32) in " + std::to_string(perBlock) + " of "
                 + std::to_string(total + 1) + " matrices";
    if (m_cacheType != kernels::CacheType::F32)
        m_path += m_cacheType == kernels::CacheType::F16 ? "; keys and values in half precision" : "; keys and values in Q8_0";
}

} // namespace trilobit
