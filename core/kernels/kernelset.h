// KernelSet: the operations of one instruction set, and the choice among them.
#pragma once

#include "core/base/result.h"
#include "core/kernels/cache.h"
#include "core/kernels/ops.h"
#include "core/kernels/panel/panel.h"
#include "core/kernels/rowops.h"

#include <span>
#include <string_view>

namespace trilobit {

/// A fast decoder of one encoding.
struct RowDecoder {
    const char* encoding;        ///< EncodingInfo::id
    std::int64_t blockSize;      ///< weights
    std::int64_t bytesPerBlock;
    kernels::RowDecode decode;
    kernels::RowProduct product; ///< null where decoding first is as good
};

/// One row of the dispatch table. Functions check nothing; their callers do.
struct KernelSet {
    const char* name;                  ///< "avx2": as TRILOBIT_ISA and benchmark records spell it; never renamed
    bool (*supported)() noexcept;      ///< by this CPU and the operating system
    kernels::FloatProduct floatProduct;
    kernels::WeightedSum weightedSum;
    const kernels::PanelOps* panels;
    const kernels::RoundingOps* rounding;
    const kernels::RowOps* rows;
    const kernels::CacheOps* cacheOps; ///< by CacheType
    kernels::TernaryForm oneToken;     ///< the form of ternary matrices that gives the fastest single tokens
    const char* panelName;             ///< whose panel products these are: "avx2" in the set "avx512"
    std::span<const RowDecoder> rowDecoders; ///< any other encoding goes through its own decodeRows

    const kernels::CacheOps& cache(kernels::CacheType type) const noexcept { return cacheOps[static_cast<int>(type)]; }
    /// Null when there is none for this id.
    const RowDecoder* findRowDecoder(std::string_view encoding) const noexcept;
};

/// All sets built into this program, best first; "scalar" is always the last and always supported.
std::span<const KernelSet> kernelSets() noexcept;

/// The best supported set, or the one named. An empty name stands for the best. Errors: Usage, naming the sets that run
/// here, for a name that is unknown or that this CPU does not run.
Result<const KernelSet*> findKernelSet(std::string_view name);

/// findKernelSet of the environment variable TRILOBIT_ISA.
Result<const KernelSet*> selectKernelSet();

} // namespace trilobit
