// Blocked matrix product: pack a slice of B once, then blocks of A, so that the tile reads both in order from cache.
#include "core/train/gemm/gemm.h"

#include <omp.h>

#include <algorithm>
#include <cstring>

namespace trilobit {

namespace {

constexpr std::int64_t kDepth = 256;     // k per slice: an A block and a B panel stay in the second-level cache
constexpr std::int64_t kBlockTiles = 12; // tiles of rows per A block

struct Choice {
    const char* name;
    MicroKernel<float> f32;
    MicroKernel<double> f64;
};

/// Best first; detection is compiled without any instruction-set flags.
Choice chooseKernel() {
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
        return {"avx512", microKernelAvx512F32(), microKernelAvx512F64()};
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        return {"avx2", microKernelAvx2F32(), microKernelAvx2F64()};
#endif
    return {"base", microKernelBaseF32(), microKernelBaseF64()};
}

template <class Real>
MicroKernel<Real> pick(const Choice& choice) {
    if constexpr (std::is_same_v<Real, float>)
        return choice.f32;
    else
        return choice.f64;
}

template <class Real>
void reserve(AlignedBuffer<Real>& buffer, std::int64_t count) {
    if (buffer.size() < static_cast<std::size_t>(count))
        buffer = AlignedBuffer<Real>(static_cast<std::size_t>(count));
}

/// out[k][width] from element (k, i) = source[k * strideK + i * strideI], i < valid; the rest is zero.
template <class Real>
void packPanel(const Real* source, std::int64_t strideK, std::int64_t strideI, std::int64_t depth, std::int64_t valid,
               std::int64_t width, Real* out) {
    for (std::int64_t k = 0; k < depth; ++k) {
        const Real* from = source + k * strideK;
        Real* to = out + k * width;
        if (strideI == 1)
            std::memcpy(to, from, static_cast<std::size_t>(valid) * sizeof(Real));
        else
            for (std::int64_t i = 0; i < valid; ++i)
                to[i] = from[i * strideI];
        std::fill(to + valid, to + width, Real(0));
    }
}

} // namespace

template <class Real>
Gemm<Real>::Gemm(int threads) : m_kernel{}, m_threads(std::max(threads, 1)) {
    const Choice choice = chooseKernel();
    m_kernel = pick<Real>(choice);
    m_kernelName = choice.name;
}

template <class Real>
void Gemm<Real>::run(Trans transA, Trans transB, std::int64_t m, std::int64_t n, std::int64_t k, const Real* a,
                     std::int64_t lda, const Real* b, std::int64_t ldb, Real* c, std::int64_t ldc, bool accumulate) {
    const std::int64_t mr = m_kernel.mr, nr = m_kernel.nr;
    const std::int64_t panels = (n + nr - 1) / nr;
    const std::int64_t blockRows = mr * kBlockTiles;
    const std::int64_t blocks = (m + blockRows - 1) / blockRows;
    const std::int64_t aStrideK = transA == Trans::Yes ? lda : 1, aStrideI = transA == Trans::Yes ? 1 : lda;
    const std::int64_t bStrideK = transB == Trans::Yes ? 1 : ldb, bStrideI = transB == Trans::Yes ? ldb : 1;
    reserve(m_packedB, panels * nr * kDepth);
    reserve(m_packedA, blockRows * kDepth * m_threads);

#pragma omp parallel num_threads(m_threads)
    {
        Real* blockA = m_packedA.data() + omp_get_thread_num() * blockRows * kDepth;
        Real edge[kMaxTileRows * kMaxTileCols];
        if (!accumulate) {
#pragma omp for schedule(static)
            for (std::int64_t row = 0; row < m; ++row)
                std::fill(c + row * ldc, c + row * ldc + n, Real(0));
        }
        for (std::int64_t k0 = 0; k0 < k; k0 += kDepth) {
            const std::int64_t depth = std::min(kDepth, k - k0);
#pragma omp for schedule(static)
            for (std::int64_t panel = 0; panel < panels; ++panel)
                packPanel(b + k0 * bStrideK + panel * nr * bStrideI, bStrideK, bStrideI, depth,
                          std::min(nr, n - panel * nr), nr, m_packedB.data() + panel * nr * kDepth);
#pragma omp for schedule(dynamic)
            for (std::int64_t block = 0; block < blocks; ++block) {
                const std::int64_t row0 = block * blockRows, rows = std::min(blockRows, m - row0);
                const std::int64_t tiles = (rows + mr - 1) / mr;
                for (std::int64_t t = 0; t < tiles; ++t)
                    packPanel(a + k0 * aStrideK + (row0 + t * mr) * aStrideI, aStrideK, aStrideI, depth,
                              std::min(mr, rows - t * mr), mr, blockA + t * mr * kDepth);
                for (std::int64_t panel = 0; panel < panels; ++panel) {
                    const Real* packedB = m_packedB.data() + panel * nr * kDepth;
                    const std::int64_t cols = std::min(nr, n - panel * nr);
                    for (std::int64_t t = 0; t < tiles; ++t) {
                        const std::int64_t tileRows = std::min(mr, rows - t * mr);
                        Real* out = c + (row0 + t * mr) * ldc + panel * nr;
                        if (tileRows == mr && cols == nr) {
                            m_kernel.run(depth, blockA + t * mr * kDepth, packedB, out, ldc);
                            continue;
                        }
                        std::fill(edge, edge + mr * nr, Real(0));
                        m_kernel.run(depth, blockA + t * mr * kDepth, packedB, edge, nr);
                        for (std::int64_t i = 0; i < tileRows; ++i)
                            for (std::int64_t j = 0; j < cols; ++j)
                                out[i * ldc + j] += edge[i * nr + j];
                    }
                }
            }
        }
    }
}

template class Gemm<float>;
template class Gemm<double>;

} // namespace trilobit
