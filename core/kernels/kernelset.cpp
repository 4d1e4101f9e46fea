#include "core/kernels/kernelset.h"

#include <array>
#include <cstdlib>
#include <string>

#if defined(TRILOBIT_KERNELS_NEON)
#include <asm/hwcap.h>
#include <sys/auxv.h>
#endif

namespace trilobit {

namespace {

#if defined(TRILOBIT_KERNELS_X86)

// __builtin_cpu_supports also asks whether the operating system keeps the registers.
bool hasAvx2() noexcept {
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("f16c");
}

bool hasAvx512() noexcept {
    return hasAvx2() && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")
           && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq");
}

bool hasAvxVnni() noexcept { return hasAvx2() && __builtin_cpu_supports("avxvnni"); }

bool hasAvx512Vnni() noexcept { return hasAvx512() && __builtin_cpu_supports("avx512vnni"); }

constexpr RowDecoder kAvx2Decoders[] = {
    {"F16", 1, 2, kernels::avx2::decodeF16, kernels::avx2::productF16},
    {"BF16", 1, 2, kernels::avx2::decodeBF16, kernels::avx2::productBF16},
    {"Q8_0", 32, 34, kernels::avx2::decodeQ8_0, nullptr},
    {"Q4_0", 32, 18, kernels::avx2::decodeQ4_0, nullptr},
    {"Q4_1", 32, 20, kernels::avx2::decodeQ4_1, nullptr},
    {"TQ2_0", 256, 66, kernels::avx2::decodeTQ2_0, nullptr},
};

#endif

#if defined(TRILOBIT_KERNELS_NEON)

// What the kernel says of the CPU.
bool hasNeon() noexcept { return (getauxval(AT_HWCAP) & HWCAP_ASIMD) != 0; }
bool hasDotprod() noexcept { return hasNeon() && (getauxval(AT_HWCAP) & HWCAP_ASIMDDP) != 0; }

constexpr RowDecoder kNeonDecoders[] = {
    {"F16", 1, 2, kernels::neon::decodeF16, nullptr},
    {"BF16", 1, 2, kernels::neon::decodeBF16, nullptr},
    {"Q8_0", 32, 34, kernels::neon::decodeQ8_0, nullptr},
    {"Q4_0", 32, 18, kernels::neon::decodeQ4_0, nullptr},
    {"Q4_1", 32, 20, kernels::neon::decodeQ4_1, nullptr},
    {"TQ2_0", 256, 66, kernels::neon::decodeTQ2_0, nullptr},
};

#endif

bool always() noexcept { return true; }

using kernels::TernaryForm;

constexpr std::array kSets{
#if defined(TRILOBIT_KERNELS_X86)
    KernelSet{"avx512-vnni", hasAvx512Vnni, kernels::avx512::floatProduct, kernels::avx512::weightedSum,
              &kernels::avx512vnni::kPanelOps, &kernels::avx2::kRoundingOps, &kernels::avx2::kRowOps, kernels::avx2::kCacheOps, TernaryForm::Base3, "avx512-vnni", kAvx2Decoders},
    KernelSet{"avx512", hasAvx512, kernels::avx512::floatProduct, kernels::avx512::weightedSum,
              &kernels::avx2::kPanelOps, &kernels::avx2::kRoundingOps, &kernels::avx2::kRowOps, kernels::avx2::kCacheOps, TernaryForm::Lookup, "avx2", kAvx2Decoders},
    KernelSet{"avx-vnni", hasAvxVnni, kernels::avx2::floatProduct, kernels::avx2::weightedSum,
              &kernels::avxvnni::kPanelOps, &kernels::avx2::kRoundingOps, &kernels::avx2::kRowOps, kernels::avx2::kCacheOps, TernaryForm::Lookup, "avx-vnni", kAvx2Decoders},
    KernelSet{"avx2", hasAvx2, kernels::avx2::floatProduct, kernels::avx2::weightedSum,
              &kernels::avx2::kPanelOps, &kernels::avx2::kRoundingOps, &kernels::avx2::kRowOps, kernels::avx2::kCacheOps, TernaryForm::Lookup, "avx2", kAvx2Decoders},
#endif
#if defined(TRILOBIT_KERNELS_NEON)
    KernelSet{"neon-dotprod", hasDotprod, kernels::neon::floatProduct, kernels::neon::weightedSum,
              &kernels::neondotprod::kPanelOps, &kernels::neon::kRoundingOps, &kernels::neon::kRowOps,
              kernels::neon::kCacheOps, TernaryForm::TwoBits, "neon-dotprod", kNeonDecoders},
    KernelSet{"neon", hasNeon, kernels::neon::floatProduct, kernels::neon::weightedSum,
              &kernels::neon::kPanelOps, &kernels::neon::kRoundingOps, &kernels::neon::kRowOps,
              kernels::neon::kCacheOps, TernaryForm::TwoBits, "neon", kNeonDecoders},
#endif
    KernelSet{"scalar", always, kernels::scalar::floatProduct, kernels::scalar::weightedSum,
              &kernels::scalar::kPanelOps, &kernels::scalar::kRoundingOps, &kernels::scalar::kRowOps,
              kernels::scalar::kCacheOps, TernaryForm::TwoBits, "scalar", {}},
};

} // namespace

const RowDecoder* KernelSet::findRowDecoder(std::string_view encoding) const noexcept {
    for (const RowDecoder& decoder : rowDecoders)
        if (encoding == decoder.encoding)
            return &decoder;
    return nullptr;
}

std::span<const KernelSet> kernelSets() noexcept { return kSets; }

Result<const KernelSet*> findKernelSet(std::string_view name) {
    std::string usable;
    bool known = false;
    for (const KernelSet& set : kSets) {
        const bool supported = set.supported();
        if (supported && (name.empty() || name == set.name))
            return &set;
        known = known || name == set.name;
        if (supported)
            usable += (usable.empty() ? "" : ", ") + std::string(set.name);
    }
    return fail(ErrorCode::Usage, "TRILOBIT_ISA is \"" + std::string(name) + "\", which "
                                      + (known ? "this CPU does not run" : "names no kernel set") + "; possible here: "
                                      + usable);
}

Result<const KernelSet*> selectKernelSet() {
    const char* name = std::getenv("TRILOBIT_ISA");
    return findKernelSet(name ? name : "");
}

} // namespace trilobit
