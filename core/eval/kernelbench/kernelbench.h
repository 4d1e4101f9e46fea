// KernelBench: how fast every kernel of this CPU's set is, alone, beside what the machine can do at most.
#pragma once

#include "core/base/result.h"
#include "core/base/runcontrol.h"
#include "core/base/spread.h"
#include "core/encodings/encodingregistry.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace trilobit {

struct KernelBenchOptions {
    int threads = 1;
    int repetitions = 5;                     ///< after a warm-up
    std::int64_t batch = 128;                ///< tokens that come together; 0: single ones only
    std::int64_t rows = 2560, cols = 6912;   ///< of matrices; multiples of 16 and 256
    std::int64_t context = 2048;             ///< tokens in the cache of keys and values
    std::uint64_t memory = std::uint64_t{256} << 20; ///< bytes that are read in turn: copies of a matrix, layers of a cache
    std::string only;                        ///< glob over names (KernelFigures::name); empty: all
    double seconds = 0.05;                   ///< that a repetition takes at least
    std::uint64_t seed = 1;
};

/// What a kernel cannot be faster than: the memory its weights come from or the unit that multiplies.
enum class KernelBound { None, Memory, Int8, Float };
/// "memory", "int8", "float", or "" for None.
const char* kernelBoundName(KernelBound bound) noexcept;

/// Measured before and between the kernels, on as many threads.
struct MachineLimits {
    Spread read;      ///< bytes per second
    Spread floatRate; ///< operations per second of float32 multiply-adds
    Spread int8Rate;  ///< the same of byte products
};

/// One call: a product of one matrix, the attention of one layer, the row operations of the tokens.
struct KernelRate {
    std::int64_t tokens = 1;
    Spread seconds;
    double bytes = 0;      ///< of weights, keys or values; of row operations what is read and written
    double operations = 0; ///< two to a multiply-add; 0 for row operations
    KernelBound bound = KernelBound::None;
    double share = 0;      ///< of that bound: the least time that the best seen of it allows, over the median that it took
};

struct KernelFigures {
    std::string name;     ///< "q4_0-int8", "ternary-lookup-int8", "cache-f16-scores", "softmax": the same on every CPU
    std::string kernel;   ///< as the engine calls it: "q4_0-int8/avx2"
    std::string encoding; ///< of the matrix or the cache; empty for row operations
    std::uint64_t bytes = 0;        ///< of one copy, as it lies in memory: what one token reads
    std::uint64_t encodedBytes = 0; ///< of the same matrix in a file; 0 where there is none
    std::optional<KernelRate> one, batch;
};

struct KernelBenchResult {
    struct Skipped {
        std::string name, reason;
    };
    std::string set; ///< KernelSet::name
    int threads = 1;
    MachineLimits limits;
    std::vector<KernelFigures> kernels;
    std::vector<Skipped> skipped; ///< what cannot be made for this shape
};

/// Every kernel through the code that the engine runs it with, matrices as copies that are used in turn so that they come from
/// memory. Errors: Usage (options out of range, no name fits, TRILOBIT_ISA), OutOfMemory, Cancelled.
Result<KernelBenchResult> benchKernels(const EncodingRegistry& encodings, const KernelBenchOptions& options, RunControl& control);

} // namespace trilobit
