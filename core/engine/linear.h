// Linear: one weight matrix bound to the code that multiplies with it.
#pragma once

#include "core/base/alignedbuffer.h"
#include "core/base/result.h"
#include "core/base/runcontrol.h"
#include "core/engine/workerteam.h"
#include "core/kernels/kernelset.h"
#include "core/model/model.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace trilobit {

/// y = W x + bias with W [rows, cols]. Immutable once made.
struct Linear {
    enum class Kind {
        InPlace, ///< float32 in the file, used where it is
        Decode,  ///< any encoding: small panels of rows are decoded to float32
        Ternary, ///< repacked as 2-bit codes at creation
    };
    const Tensor* tensor = nullptr;
    std::int64_t rows = 0, cols = 0;
    Kind kind = Kind::Decode;
    const RowDecoder* decoder = nullptr; ///< Decode: null for the encoding's own decodeRows
    bool int8 = false;                   ///< Ternary only: sees int8 activations
    AlignedBuffer<std::uint8_t> codes;   ///< Ternary: rows in the layout of kernels/ops.h
    std::vector<float> scales;           ///< Ternary: one for the whole matrix, or one per row and block of 256
    std::vector<float> bias;             ///< [rows] or empty

    bool oneScale() const noexcept { return scales.size() == 1; }
    std::uint64_t ownedBytes() const noexcept;
    std::string kernelName(const KernelSet& set) const;
};

/// How a matrix is to be bound.
struct LinearOptions {
    bool int8 = false;          ///< use the integer path when the weights are ternary
    bool ternarize = false;     ///< round float weights to ternary first (absmean, BitNet b1.58)
    int threads = 1;
    const KernelSet* set = nullptr; ///< for its fast decoders; null: none
};

/// Errors: OutOfMemory, Cancelled, Format (weights to be ternarized are not finite).
Result<Linear> makeLinear(const Tensor& tensor, const LinearOptions& options, RunControl& control);

/// Activations of `tokens` tokens going into products.
struct ProductInput {
    const float* x = nullptr;                ///< [tokens, cols], row-major
    std::int64_t tokens = 0, cols = 0;
    // Set by quantize(): int8 form, padded to blocks of 256.
    const std::int8_t* q = nullptr;          ///< [tokens, 256 * blocks]
    const std::int32_t* blockSums = nullptr; ///< [tokens, blocks]
    const std::int32_t* sums = nullptr;      ///< [tokens]
    const float* r = nullptr;                ///< [tokens]: q = round(x * r)
};

struct ProductTarget {
    const Linear* weight = nullptr;
    float* y = nullptr;         ///< [tokens, rows], rows of a token at yStride
    std::int64_t yStride = 0;
};

/// Scratch memory of one session and the threads it may use.
class Multiplier {
public:
    Multiplier(const KernelSet& set, int threads) : m_set(set), m_team(threads) {}

    /// Makes room for products with matrices of up to `maxCols` columns. May throw std::bad_alloc.
    void reserve(std::int64_t maxCols);
    /// The int8 form of `input`, valid until the next call. May throw std::bad_alloc.
    void quantize(ProductInput& input);
    /// All targets see the same input (quantize() it first if any of them needs int8). Errors: Cancelled, y undefined.
    Result<void> multiply(const ProductInput& input, std::span<const ProductTarget> targets, RunControl& control);

    const KernelSet& set() const noexcept { return m_set; }
    WorkerTeam& team() noexcept { return m_team; }

private:
    struct Panel;
    void run(const ProductInput& input, const Panel& panel, float* scratch) const noexcept;
    void runInt8(const ProductInput& input, const Panel& panel) const noexcept;

    const KernelSet& m_set;
    WorkerTeam m_team;
    std::int64_t m_scratchFloats = 0; ///< per thread
    AlignedBuffer<float> m_scratch;
    AlignedBuffer<std::int8_t> m_q;
    AlignedBuffer<std::int32_t> m_sums; ///< block sums, then token sums
    AlignedBuffer<float> m_r;
};

} // namespace trilobit
