// Engine: a model's weights bound to kernels; Session: one sequence running through it.
#pragma once

#include "core/base/result.h"
#include "core/base/runcontrol.h"
#include "core/model/model.h"
#include "core/tokenizer/tokenizer.h"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace trilobit {

/// Which activations the matrix products see. Auto: what the model's own definition says, the path to measure with. Fast: int8
/// wherever the weights have integer products: per token for ternary ones, per block of 32 for Q4_0, Q8_0, Q6_K and the like;
/// keys and values in half precision.
enum class ActivationPath { Auto, Float, Int8PerToken, Fast };

/// How ternary matrices with one scale lie in memory. Auto: what gives the fastest single tokens with this CPU's kernels.
enum class TernaryLayout { Auto, TwoBits, Base3, Lookup };

/// How keys and values are kept. Auto: F16 with ActivationPath::Fast, else F32. Q8_0 reads half as much in long contexts and
/// needs heads of whole blocks of 32; others get F16.
enum class CacheChoice { Auto, F32, F16, Q8_0 };

struct EngineOptions {
    int threads = 0;                                  ///< 0: all CPUs of this process
    ActivationPath activations = ActivationPath::Auto;
    TernaryLayout ternary = TernaryLayout::Auto;
    CacheChoice cache = CacheChoice::Auto;
};

/// Which code runs one tensor, for people and benchmarks.
struct KernelChoice {
    std::string tensor;   ///< GGUF name
    std::string encoding;
    std::string kernel;   ///< "ternary-int8/avx2", "generic-f32/avx512", ...
};

/// Where the weights are.
struct WeightBytes {
    std::uint64_t owned = 0;    ///< held by the engine: norms, biases, repacked matrices
    std::uint64_t mapped = 0;   ///< used where the file is mapped
    std::uint64_t perToken = 0; ///< read for one token, as they lie in memory; of experts those that are used
};

class Session;

/// Const after creation, shared by sessions. Results are the same for every number of threads, and whether tokens come
/// one by one or in batches.
class Engine {
public:
    /// Errors: Unsupported (architecture or tensor the graph has no place for), OutOfMemory, Cancelled.
    static Result<std::shared_ptr<const Engine>> create(std::shared_ptr<const Model> model, const EngineOptions& options,
                                                        RunControl& control);
    virtual ~Engine() = default;
    virtual const Model& model() const = 0;
    virtual std::shared_ptr<const Model> sharedModel() const = 0;
    virtual int threads() const = 0;
    virtual const std::vector<KernelChoice>& kernels() const = 0;
    /// "float" or "int8 activations (per token)": said with every measured number.
    virtual std::string pathDescription() const = 0;
    virtual const WeightBytes& weightBytes() const = 0;
    /// contextLength 0: the model's own, at most 4096. Errors: OutOfMemory, Usage.
    virtual Result<std::unique_ptr<Session>> newSession(std::int64_t contextLength) const = 0;
};

/// Sees what goes into the matrices of a session; see Session::observe.
class InputObserver {
public:
    virtual ~InputObserver() = default;
    /// Before each product, in the order of the graph, from the thread that evaluates. x: [tokens, cols] f32, row-major, as it
    /// is before it is rounded to int8; valid during the call. All of `matrices` multiply it. The matrices of a stack of
    /// experts come one by one (Tensor::expert), with the tokens that chose them.
    virtual void see(std::span<const Tensor* const> matrices, const float* x, std::int64_t tokens, std::int64_t cols) = 0;
};

/// Where the time of a session's evaluations goes, in seconds.
struct SessionTimes {
    struct Layer {
        double attention = 0, ffn = 0;
    };
    std::vector<Layer> layers;
    double output = 0;       ///< last norm and logits
    std::int64_t tokens = 0; ///< evaluated
};

/// One thread at a time.
class Session {
public:
    virtual ~Session() = default;
    virtual const Engine& engine() const = 0;
    virtual std::int64_t contextLength() const = 0;
    virtual std::int64_t position() const = 0;     ///< tokens in the KV cache
    virtual std::uint64_t cacheBytes() const = 0;

    /// Which logits an evaluation leaves in logits().
    enum class Logits { None, Last, All };
    /// Appends `ids`. Errors: Usage (token out of range, context full), Cancelled (position unchanged).
    virtual Result<void> evaluate(std::span<const TokenId> ids, Logits which, RunControl& control) = 0;
    /// Like evaluate(All) but only keeps the logits from `firstKept` (index into ids) on.
    virtual Result<void> evaluateFrom(std::span<const TokenId> ids, std::size_t firstKept, RunControl& control) = 0;
    /// [kept positions, vocabulary] of the last evaluation, row-major.
    virtual std::span<const float> logits() const = 0;
    /// Forgets everything from `position` on (0 <= position <= position()).
    virtual void truncate(std::int64_t position) = 0;
    /// Adds the times of what is evaluated from now on to `times`, until called with null.
    virtual void measure(SessionTimes* times) { (void)times; }
    /// Shows the inputs of all matrices from now on to `observer`, until called with null.
    virtual void observe(InputObserver* observer) { (void)observer; }
};

} // namespace trilobit
