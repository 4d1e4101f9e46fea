// Causal grouped-query attention, forward and backward, one head at a time through matrix products.
#pragma once

#include "core/train/gemm/gemm.h"

#include <omp.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <vector>

namespace trilobit {

struct AttentionShape {
    std::int64_t time = 1, heads = 1, kvHeads = 1, headDim = 1;
};

/// `batch` sequences of `time` rows. q, out: [batch * time, heads * headDim]; k, v: [batch * time, kvHeads * headDim]. Scale 1 / sqrt(headDim). The
/// probabilities are computed again in the backward pass instead of being kept ([time, time] per head is what memory is
/// needed for). Heads that share a key head are handled by one thread in order: the same bits for any thread count.
template <class Real>
class Attention {
public:
    Attention(const AttentionShape& shape, int threads) : m_shape(shape), m_threads(std::max(threads, 1)) {
        for (int i = 0; i < m_threads; ++i) {
            m_gemms.push_back(std::make_unique<Gemm<Real>>(1));
            m_probabilities.emplace_back(static_cast<std::size_t>(shape.time * shape.time));
            m_gradients.emplace_back(static_cast<std::size_t>(shape.time * shape.time));
        }
    }

    void forward(const Real* q, const Real* k, const Real* v, Real* out, std::int64_t batch) {
        const auto& s = m_shape;
        const std::int64_t qStride = s.heads * s.headDim, kvStride = s.kvHeads * s.headDim;
#pragma omp parallel for num_threads(m_threads) schedule(static)
        for (std::int64_t unit = 0; unit < batch * s.heads; ++unit) {
            const auto me = static_cast<std::size_t>(omp_get_thread_num());
            const std::int64_t b = unit / s.heads, h = unit % s.heads, kv = h / (s.heads / s.kvHeads);
            const std::int64_t qAt = b * s.time * qStride + h * s.headDim, kvAt = b * s.time * kvStride + kv * s.headDim;
            Real* p = m_probabilities[me].data();
            softmaxScores(*m_gemms[me], q + qAt, k + kvAt, p);
            m_gemms[me]->run(Trans::No, Trans::No, s.time, s.headDim, s.time, p, s.time, v + kvAt, kvStride, out + qAt,
                             qStride, false);
        }
    }

    /// dq, dk, dv are written.
    void backward(const Real* q, const Real* k, const Real* v, const Real* dout, Real* dq, Real* dk, Real* dv,
                  std::int64_t batch) {
        const auto& s = m_shape;
        const std::int64_t qStride = s.heads * s.headDim, kvStride = s.kvHeads * s.headDim;
        const std::int64_t share = s.heads / s.kvHeads;
        const Real scale = Real(1) / std::sqrt(static_cast<Real>(s.headDim));
#pragma omp parallel for num_threads(m_threads) schedule(static)
        for (std::int64_t unit = 0; unit < batch * s.kvHeads; ++unit) {
            const auto me = static_cast<std::size_t>(omp_get_thread_num());
            Gemm<Real>& gemm = *m_gemms[me];
            Real* p = m_probabilities[me].data();
            Real* g = m_gradients[me].data();
            const std::int64_t b = unit / s.kvHeads, kv = unit % s.kvHeads;
            const std::int64_t kvAt = b * s.time * kvStride + kv * s.headDim;
            for (std::int64_t i = 0; i < share; ++i) {
                const std::int64_t qAt = b * s.time * qStride + (kv * share + i) * s.headDim;
                softmaxScores(gemm, q + qAt, k + kvAt, p);
                // dV += P^T dO; dP = dO V^T; dS = P (dP - sum_j P dP)
                gemm.run(Trans::Yes, Trans::No, s.time, s.headDim, s.time, p, s.time, dout + qAt, qStride, dv + kvAt,
                         kvStride, i > 0);
                gemm.run(Trans::No, Trans::Yes, s.time, s.time, s.headDim, dout + qAt, qStride, v + kvAt, kvStride, g,
                         s.time, false);
                for (std::int64_t row = 0; row < s.time; ++row) {
                    Real dot = 0;
                    for (std::int64_t j = 0; j <= row; ++j)
                        dot += p[row * s.time + j] * g[row * s.time + j];
                    for (std::int64_t j = 0; j < s.time; ++j)
                        g[row * s.time + j] = j <= row ? scale * p[row * s.time + j] * (g[row * s.time + j] - dot) : Real(0);
                }
                gemm.run(Trans::No, Trans::No, s.time, s.headDim, s.time, g, s.time, k + kvAt, kvStride, dq + qAt, qStride,
                         false);
                gemm.run(Trans::Yes, Trans::No, s.time, s.headDim, s.time, g, s.time, q + qAt, qStride, dk + kvAt, kvStride,
                         i > 0);
            }
        }
    }

private:
    /// p[time, time] = softmax of the masked, scaled scores; zero above the diagonal.
    void softmaxScores(Gemm<Real>& gemm, const Real* q, const Real* k, Real* p) const {
        const auto& s = m_shape;
        gemm.run(Trans::No, Trans::Yes, s.time, s.time, s.headDim, q, s.heads * s.headDim, k, s.kvHeads * s.headDim, p,
                 s.time, false);
        const Real scale = Real(1) / std::sqrt(static_cast<Real>(s.headDim));
        for (std::int64_t row = 0; row < s.time; ++row) {
            Real* line = p + row * s.time;
            Real top = line[0] * scale;
            for (std::int64_t j = 0; j <= row; ++j)
                top = std::max(top, line[j] * scale);
            Real sum = 0;
            for (std::int64_t j = 0; j <= row; ++j)
                sum += line[j] = std::exp(line[j] * scale - top);
            for (std::int64_t j = 0; j <= row; ++j)
                line[j] /= sum;
            std::fill(line + row + 1, line + s.time, Real(0));
        }
    }

    AttentionShape m_shape;
    int m_threads;
    std::vector<std::unique_ptr<Gemm<Real>>> m_gemms;
    std::vector<AlignedBuffer<Real>> m_probabilities, m_gradients;
};

} // namespace trilobit
