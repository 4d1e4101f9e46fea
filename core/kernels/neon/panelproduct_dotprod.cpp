// Panel products with the dot product instructions of ARMv8.2: four byte products into an int32 in one instruction.
#include "core/kernels/neon/registers128.h"
#include "core/kernels/panel/panel.h"

namespace trilobit::kernels::neondotprod {

namespace {

struct V : Registers128 {
    static constexpr int kTile = 6, kBlockTile = 3, kSignedBias = 0, kCellsOf63 = 8;
    using Sums = int32x4_t;

    static Sums none() noexcept { return vdupq_n_s32(0); }
    static Sums dot(Sums sum, Codes u, Codes s) noexcept { return vdotq_s32(sum, u, s); }
    static Ints widen(Sums sum) noexcept { return sum; }
    static Ints dotSigned(Ints sum, Codes w, Codes s) noexcept { return vdotq_s32(sum, w, s); }
};

namespace lookup = neon;
#include "core/kernels/panel/panelproducts.inc"

} // namespace

extern const PanelOps kPanelOps{ternaryProduct, blockProduct};

} // namespace trilobit::kernels::neondotprod
