// Reference ternary product: y = sum of (code - 1) * q, exact in int32.
#include "core/kernels/ops.h"

namespace trilobit::kernels::scalar {

void ternaryProduct(const std::uint8_t* codes, std::int64_t codeStride, std::int64_t rows, const std::int8_t* q,
                    std::int64_t qStride, const std::int32_t*, std::int64_t, std::int64_t tokens, std::int64_t blocks,
                    std::int32_t* y, std::int64_t yStride) noexcept {
    // Does not use the sums of q: a second way to the same number for the instruction sets that do.
    for (std::int64_t t = 0; t < tokens; ++t)
        for (std::int64_t r = 0; r < rows; ++r) {
            std::int32_t sum = 0;
            for (std::int64_t b = 0; b < blocks; ++b) {
                const std::uint8_t* block = codes + r * codeStride + b * kTernaryBlockBytes;
                const std::int8_t* qb = q + t * qStride + b * kTernaryBlock;
                for (int f = 0; f < 4; ++f)
                    for (int p = 0; p < 64; ++p)
                        sum += (((block[p] >> (2 * f)) & 3) - 1) * qb[64 * f + p];
            }
            y[t * yStride + r] = sum;
        }
}

} // namespace trilobit::kernels::scalar
