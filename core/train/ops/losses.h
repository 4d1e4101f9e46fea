// Losses and their gradients: cross-entropy, distillation on logits (KL), on features (1 - cosine) and on
// what blocks give (relative error).
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace trilobit::ops {

constexpr std::int32_t kIgnoredTarget = -100;

/// In order: the same bits for any number of threads.
template <class Real>
Real sumOfRows(std::int64_t rows, const Real* losses) {
    Real total = 0;
    for (std::int64_t r = 0; r < rows; ++r)
        total += losses[r];
    return total;
}

/// Sum over rows of -log softmax(logits)[target], targets of -100 left out, times `weight`. dlogits (may be the same
/// memory as logits) = weight * (softmax - onehot), zero rows for ignored targets. losses[rows] is scratch.
template <class Real>
Real crossEntropy(std::int64_t rows, std::int64_t vocabulary, const Real* logits, const std::int32_t* targets,
                  Real weight, Real* dlogits, Real* losses, int threads) {
#pragma omp parallel for num_threads(threads) schedule(static)
    for (std::int64_t r = 0; r < rows; ++r) {
        const Real* in = logits + r * vocabulary;
        Real* out = dlogits + r * vocabulary;
        losses[r] = 0;
        if (targets[r] == kIgnoredTarget) {
            std::fill(out, out + vocabulary, Real(0));
            continue;
        }
        const Real top = *std::max_element(in, in + vocabulary);
        const Real target = in[targets[r]];
        Real sum = 0;
        for (std::int64_t c = 0; c < vocabulary; ++c)
            sum += out[c] = std::exp(in[c] - top);
        losses[r] = std::log(sum) + top - target;
        const Real share = weight / sum;
        for (std::int64_t c = 0; c < vocabulary; ++c)
            out[c] *= share;
        out[targets[r]] -= weight;
    }
    return sumOfRows(rows, losses) * weight;
}

/// weight * T^2 * sum over rows of KL(softmax(teacher / T) || softmax(student / T)); dstudent is added to.
/// losses[rows] is scratch. Gradient per logit: weight * T * (p_student - p_teacher).
template <class Real>
Real klDistillation(std::int64_t rows, std::int64_t vocabulary, const Real* teacher, const Real* student,
                    Real temperature, Real weight, Real* dstudent, Real* losses, int threads) {
#pragma omp parallel for num_threads(threads) schedule(static)
    for (std::int64_t r = 0; r < rows; ++r) {
        const Real* t = teacher + r * vocabulary;
        const Real* s = student + r * vocabulary;
        const Real topT = *std::max_element(t, t + vocabulary), topS = *std::max_element(s, s + vocabulary);
        Real sumT = 0, sumS = 0;
        for (std::int64_t c = 0; c < vocabulary; ++c) {
            sumT += std::exp((t[c] - topT) / temperature);
            sumS += std::exp((s[c] - topS) / temperature);
        }
        const Real logT = std::log(sumT), logS = std::log(sumS);
        Real kl = 0;
        for (std::int64_t c = 0; c < vocabulary; ++c) {
            const Real lp = (t[c] - topT) / temperature - logT, lq = (s[c] - topS) / temperature - logS;
            const Real p = std::exp(lp);
            kl += p * (lp - lq);
            dstudent[r * vocabulary + c] += weight * temperature * (std::exp(lq) - p);
        }
        losses[r] = kl;
    }
    return sumOfRows(rows, losses) * weight * temperature * temperature;
}

/// weight * sum over rows of 1 - cos(teacher, student), norms floored at 1e-8; dstudent is added to.
template <class Real>
Real cosineDistillation(std::int64_t rows, std::int64_t cols, const Real* teacher, const Real* student, Real weight,
                        Real* dstudent, Real* losses, int threads) {
#pragma omp parallel for num_threads(threads) schedule(static)
    for (std::int64_t r = 0; r < rows; ++r) {
        const Real* t = teacher + r * cols;
        const Real* s = student + r * cols;
        Real tt = 0, ss = 0, ts = 0;
        for (std::int64_t c = 0; c < cols; ++c) {
            tt += t[c] * t[c];
            ss += s[c] * s[c];
            ts += t[c] * s[c];
        }
        const Real nt = std::max(std::sqrt(tt), Real(1e-8)), ns = std::max(std::sqrt(ss), Real(1e-8));
        const Real cosine = ts / (nt * ns);
        losses[r] = 1 - cosine;
        for (std::int64_t c = 0; c < cols; ++c)
            dstudent[r * cols + c] -= weight * (t[c] / (nt * ns) - cosine * s[c] / (ns * ns));
    }
    return sumOfRows(rows, losses) * weight;
}

/// weight * sum over rows of |student - teacher|^2 / |teacher|^2, the divisor floored at 1e-16; dstudent is set.
/// losses[rows] is scratch.
template <class Real>
Real relativeError(std::int64_t rows, std::int64_t cols, const Real* teacher, const Real* student, Real weight,
                   Real* dstudent, Real* losses, int threads) {
#pragma omp parallel for num_threads(threads) schedule(static)
    for (std::int64_t r = 0; r < rows; ++r) {
        const Real* t = teacher + r * cols;
        const Real* s = student + r * cols;
        Real* out = dstudent + r * cols;
        Real energy = 0, error = 0;
        for (std::int64_t c = 0; c < cols; ++c) {
            out[c] = s[c] - t[c];
            energy += t[c] * t[c];
            error += out[c] * out[c];
        }
        const Real inverse = 1 / std::max(energy, Real(1e-16));
        losses[r] = error * inverse;
        for (std::int64_t c = 0; c < cols; ++c)
            out[c] *= 2 * weight * inverse;
    }
    return sumOfRows(rows, losses) * weight;
}

} // namespace trilobit::ops
