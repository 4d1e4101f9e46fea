// Linear: one weight matrix bound to the code that multiplies with it.
#pragma once

#include "core/base/alignedbuffer.h"
#include "core/base/result.h"
#include "core/base/runcontrol.h"
#include "core/engine/matrixmemory.h"
#include "core/engine/workerteam.h"
#include "core/kernels/kernelset.h"
#include "core/model/model.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace trilobit {

/// y = outputScale W x + bias with W [rows, cols]. Immutable once made.
struct Linear {
    enum class Kind {
        InPlace, ///< float32 in the file, used where it is
        Decode,  ///< any encoding: small panels of rows are decoded to float32
        Ternary, ///< repacked as panels of ternary codes at creation
        Blocks,  ///< repacked as panels with the file's own codes and scales; sees int8 activations per block of 32
    };
    const Tensor* tensor = nullptr;
    std::int64_t rows = 0, cols = 0;
    Kind kind = Kind::Decode;
    const RowDecoder* decoder = nullptr;    ///< Decode: null for the encoding's own decodeRows
    bool int8 = false;                      ///< Ternary: sees int8 activations per token, else float ones
    kernels::TernaryForm ternaryForm = {};  ///< Ternary
    kernels::BlockForm form = {};           ///< Blocks
    MatrixBytes codes;                      ///< Ternary, Blocks: panels (kernels/panel/panel.h)
    MatrixBytes blockScales;                ///< Blocks
    std::vector<float> scales;              ///< Ternary: one for the whole matrix, or [panel, block of 256, 16]
    std::vector<std::int32_t> codeSums;     ///< Ternary, as its form needs them
    std::vector<float> bias;                ///< [rows] or empty
    float outputScale = 1;                  ///< of files that keep a matrix's scale in a tensor of its own

    bool oneScale() const noexcept { return scales.size() == 1; }
    kernels::TernaryPanels ternaryPanels() const noexcept;
    kernels::BlockPanels blockPanels() const noexcept;
    std::uint64_t ownedBytes() const noexcept;
    /// Of the tensor: 0 once it is repacked.
    std::uint64_t mappedBytes() const noexcept;
    std::string kernelName(const KernelSet& set) const;
};

/// How a matrix is to be bound.
struct LinearOptions {
    bool int8 = false;          ///< use the integer path when the weights are ternary
    bool ternarize = false;     ///< round float weights to ternary first (absmean, BitNet b1.58)
    int threads = 1;
    const KernelSet* set = nullptr; ///< for its fast decoders; null: none
    MatrixMemory* memory = nullptr; ///< of repacked matrices; null: each on its own
    bool blocks = false;        ///< use the integer path for block encodings that have panels
    kernels::TernaryForm ternaryForm = {}; ///< where one scale allows it
};

/// Errors: OutOfMemory, Cancelled, Format (weights to be ternarized are not finite).
Result<Linear> makeLinear(const Tensor& tensor, const LinearOptions& options, RunControl& control);

/// Activations of `tokens` tokens going into products.
struct ProductInput {
    const float* x = nullptr; ///< [tokens, cols], row-major
    std::int64_t tokens = 0, cols = 0;
};

class InputObserver;

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
    /// All targets see the same input, rounded to int8 as each of them needs it. May throw std::bad_alloc. Errors: Cancelled,
    /// y undefined.
    Result<void> multiply(const ProductInput& input, std::span<const ProductTarget> targets, RunControl& control);

    /// Shows every input to `observer` before it is multiplied; null: to nobody.
    void observe(InputObserver* observer) noexcept { m_observer = observer; }

    const KernelSet& set() const noexcept { return m_set; }
    WorkerTeam& team() noexcept { return m_team; }

private:
    struct Part;
    void roundTokens(const ProductInput& input, bool tables);
    void roundBlocks(const ProductInput& input);
    void run(const ProductInput& input, const Part& part, float* scratch) const noexcept;
    void runPanels(const ProductInput& input, const Part& part, float* scratch) const noexcept;

    const KernelSet& m_set;
    WorkerTeam m_team;
    InputObserver* m_observer = nullptr;
    std::int64_t m_scratchFloats = 0; ///< per thread
    AlignedBuffer<float> m_scratch;
    // Activations of the product that runs, as int8 per token ...
    AlignedBuffer<std::int8_t> m_q;
    AlignedBuffer<float> m_r;
    AlignedBuffer<std::int32_t> m_sums, m_blockSums;
    AlignedBuffer<std::uint8_t> m_tables; ///< of few tokens, for the lookup form
    // ... and per block of 32.
    AlignedBuffer<std::int8_t> m_blockQ;
    AlignedBuffer<float> m_blockD;
    AlignedBuffer<std::int32_t> m_halfSums;
};

} // namespace trilobit
