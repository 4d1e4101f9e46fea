// Panel products with AVX-VNNI: four byte products into an int32 in one instruction, in 256-bit registers.
#include "core/kernels/avx2/registers256.h"
#include "core/kernels/panel/panel.h"

namespace trilobit::kernels::avxvnni {

namespace {

struct V : Registers256 {
    static constexpr int kTile = 6, kBlockTile = 3, kSignedBias = 128, kCellsOf63 = 8;
    using Sums = __m256i; ///< int32

    static Sums none() noexcept { return _mm256_setzero_si256(); }
    static Sums dot(Sums sum, Codes u, Codes s) noexcept { return _mm256_dpbusd_avx_epi32(sum, u, s); }
    static Ints widen(Sums sum) noexcept { return sum; }
    /// (w + 128) * s: the bias is taken off afterwards.
    static Ints dotSigned(Ints sum, Codes w, Codes s) noexcept {
        return _mm256_dpbusd_avx_epi32(sum, _mm256_xor_si256(w, _mm256_set1_epi8(-128)), s);
    }
};

namespace lookup = avx2;
#include "core/kernels/panel/panelproducts.inc"

} // namespace

extern const PanelOps kPanelOps{ternaryProduct, blockProduct};

} // namespace trilobit::kernels::avxvnni
