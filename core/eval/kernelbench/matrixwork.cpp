#include "core/base/rng.h"
#include "core/engine/linear.h"
#include "core/eval/kernelbench/kernelwork.h"
#include "core/kernels/panel/repack.h"

#include <algorithm>
#include <cctype>
#include <cstring>
#include <deque>

namespace trilobit {

namespace {

using kernels::TernaryForm;

/// Rows that differ; the matrix repeats them, since speed does not depend on values and encoders are slow.
constexpr std::int64_t kOwnRows = 16;
constexpr std::size_t kMaxCopies = 4096;

/// What is multiplied, and how it is bound.
struct MatrixKind {
    std::shared_ptr<const Encoding> encoding;
    LinearOptions options;
    bool rowScales = false; ///< of ternary weights: every row its own instead of one
};

std::vector<float> ownRows(const MatrixKind& kind, std::int64_t cols, std::uint64_t seed) {
    const Grid& grid = kind.encoding->info().grid;
    const bool ternary = grid.kind == GridKind::Linear && grid.levels() == 3;
    Rng rng(seed);
    std::vector<float> values(static_cast<std::size_t>(kOwnRows * cols));
    for (std::size_t i = 0; i < values.size(); ++i) {
        const auto row = static_cast<float>(i / static_cast<std::size_t>(cols));
        const float scale = kind.rowScales ? (row + 1) / 64 : 1.0f / 32; // exact in half precision
        values[i] = ternary ? (static_cast<float>(rng.below(3)) - 1) * scale : static_cast<float>(rng.normal() * 0.02);
    }
    return values;
}

/// The matrix in its encoding. Errors: Unsupported, OutOfMemory, Cancelled.
Result<AlignedBuffer<std::byte>> encodeMatrix(const MatrixKind& kind, const KernelBenchOptions& options, RunControl& control) {
    const Encoding& encoding = *kind.encoding;
    const std::vector<float> own = ownRows(kind, options.cols, options.seed);
    TRILOBIT_TRY(const std::uint64_t all, encoding.sizeBytes(options.rows, options.cols));
    AlignedBuffer<std::byte> bytes(static_cast<std::size_t>(all));
    const std::span<std::byte> out(bytes.data(), bytes.size());
    const auto repeats = static_cast<std::size_t>(options.rows / kOwnRows);
    TRILOBIT_TRY(const std::uint64_t part, encoding.sizeBytes(kOwnRows, options.cols));
    if (encoding.info().bytesPerBlock <= 0 || part * repeats != all) { // rows cannot be told apart in the bytes
        std::vector<float> values;
        values.reserve(repeats * own.size());
        for (std::size_t i = 0; i < repeats; ++i)
            values.insert(values.end(), own.begin(), own.end());
        TRILOBIT_CHECK(encoding.encode({values.data(), options.rows, options.cols}, {}, out, control));
        return bytes;
    }
    TRILOBIT_CHECK(encoding.encode({own.data(), kOwnRows, options.cols}, {}, out.first(static_cast<std::size_t>(part)), control));
    for (std::size_t i = 1; i < repeats; ++i)
        std::memcpy(bytes.data() + i * part, bytes.data(), static_cast<std::size_t>(part));
    return bytes;
}

class MatrixWork : public KernelWork {
public:
    MatrixWork(const KernelSet& set, const KernelBenchOptions& options)
        : m_options(options), m_multiplier(set, options.threads), m_x(static_cast<std::size_t>(tokenRoom() * options.cols)),
          m_y(static_cast<std::size_t>(tokenRoom() * options.rows)) {
        Rng rng(options.seed + 1);
        for (float& v : m_x)
            v = static_cast<float>(rng.normal());
        m_multiplier.reserve(options.cols);
    }

    Result<void> prepare(const MatrixKind& kind, RunControl& control) {
        TRILOBIT_TRY(AlignedBuffer<std::byte> bytes, encodeMatrix(kind, m_options, control));
        m_encodedBytes = bytes.size();
        addTensor(kind, std::move(bytes));
        LinearOptions options = kind.options;
        options.threads = m_options.threads;
        options.set = &m_multiplier.set();
        options.memory = &m_memory;
        TRILOBIT_TRY(Linear first, makeLinear(m_tensors.front(), options, control));
        m_copies.push_back(std::move(first));
        if (m_copies.front().mappedBytes() == 0)
            m_bytes.clear(); // the panels stand for them
        const std::size_t wanted = static_cast<std::size_t>(m_options.memory / std::max<std::uint64_t>(bytesOf(m_copies.front()), 1));
        while (m_copies.size() < std::clamp<std::size_t>(wanted, 1, kMaxCopies)) {
            if (control.isCancelled())
                return cancelledError();
            addCopy(kind);
        }
        return {};
    }

    Result<void> run(std::int64_t tokens, RunControl& control) override {
        const Linear& weight = m_copies[m_next];
        m_next = (m_next + 1) % m_copies.size();
        const ProductInput input{m_x.data(), tokens, m_options.cols};
        const ProductTarget target[] = {{&weight, m_y.data(), m_options.rows}};
        return m_multiplier.multiply(input, target, control);
    }

    std::string kernel() const override { return m_copies.front().kernelName(m_multiplier.set()); }
    std::uint64_t bytes() const override { return bytesOf(m_copies.front()); }
    std::uint64_t encodedBytes() const override { return m_encodedBytes; }
    double operations(std::int64_t tokens) const override {
        return 2.0 * static_cast<double>(tokens) * static_cast<double>(m_options.rows) * static_cast<double>(m_options.cols);
    }
    KernelBound unit() const override {
        const Linear& weight = m_copies.front();
        return weight.int8 || weight.kind == Linear::Kind::Blocks ? KernelBound::Int8 : KernelBound::Float;
    }
    const Linear& weight() const { return m_copies.front(); }

private:
    std::int64_t tokenRoom() const { return std::max<std::int64_t>(m_options.batch, 1); }
    static std::uint64_t bytesOf(const Linear& weight) { return weight.ownedBytes() + weight.mappedBytes(); }

    void addTensor(const MatrixKind& kind, AlignedBuffer<std::byte> bytes) {
        Tensor& tensor = m_tensors.emplace_back();
        tensor.name = "matrix";
        tensor.rows = m_options.rows;
        tensor.cols = m_options.cols;
        tensor.encoding = kind.encoding;
        tensor.bytes = {bytes.data(), bytes.size()};
        m_bytes.push_back(std::move(bytes));
    }

    /// The same weights somewhere else.
    void addCopy(const MatrixKind& kind) {
        const Linear& from = m_copies.front();
        Linear to = from;
        const auto again = [&](const MatrixBytes& bytes) {
            MatrixBytes copy = m_memory.take(bytes.size());
            std::copy_n(bytes.data(), bytes.size(), copy.data());
            return copy;
        };
        if (from.mappedBytes() == 0) {
            to.codes = again(from.codes);
            to.blockScales = again(from.blockScales);
        } else {
            AlignedBuffer<std::byte> bytes(m_bytes.front().size());
            std::copy(m_bytes.front().begin(), m_bytes.front().end(), bytes.begin());
            addTensor(kind, std::move(bytes));
            to.tensor = &m_tensors.back();
        }
        m_copies.push_back(std::move(to));
    }

    KernelBenchOptions m_options;
    Multiplier m_multiplier;
    MatrixMemory m_memory; ///< as the matrices of a model share it
    AlignedBuffer<float> m_x, m_y;
    std::vector<AlignedBuffer<std::byte>> m_bytes;
    std::deque<Tensor> m_tensors;
    std::vector<Linear> m_copies;
    std::size_t m_next = 0;
    std::uint64_t m_encodedBytes = 0;
};

std::string lower(std::string text) {
    for (char& c : text)
        c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return text;
}

/// `fits`: whether it was bound as the name says.
void add(KernelCases& cases, const KernelSet& set, const KernelBenchOptions& options, std::string name, MatrixKind kind,
         bool (*fits)(const Linear&)) {
    const std::string encoding = kind.encoding->info().id;
    cases.push_back({std::move(name), encoding,
                     [&set, options, kind, fits](RunControl& control) -> Result<std::unique_ptr<KernelWork>> {
                         auto work = std::make_unique<MatrixWork>(set, options);
                         TRILOBIT_CHECK(work->prepare(kind, control));
                         if (!fits(work->weight()))
                             return fail(ErrorCode::Unsupported, "the matrix is bound to another kernel");
                         return work;
                     }});
}

} // namespace

void addMatrixCases(const EncodingRegistry& encodings, const KernelSet& set, const KernelBenchOptions& options, KernelCases& cases) {
    const auto ternary = [&](const char* name, TernaryForm form, bool rowScales) {
        const auto encoding = encodings.find("TQ2_0");
        if (!encoding)
            return;
        MatrixKind kind{*encoding, {}, rowScales};
        kind.options.int8 = true;
        kind.options.ternaryForm = form;
        add(cases, set, options, name, kind, [](const Linear& weight) { return weight.int8; });
    };
    ternary("ternary-2bit-int8", TernaryForm::TwoBits, false);
    ternary("ternary-scales-int8", TernaryForm::TwoBits, true);
    ternary("ternary-base3-int8", TernaryForm::Base3, false);
    ternary("ternary-lookup-int8", TernaryForm::Lookup, false);
    for (const kernels::BlockRepack& repack : kernels::blockRepacks()) {
        const auto encoding = encodings.find(repack.encoding);
        if (!encoding)
            continue;
        MatrixKind kind{*encoding, {}, false};
        kind.options.blocks = true;
        add(cases, set, options, lower(repack.encoding) + "-int8", kind,
            [](const Linear& weight) { return weight.kind == Linear::Kind::Blocks; });
    }
    if (const auto encoding = encodings.find("F32")) {
        MatrixKind kind{*encoding, {}, false};
        kind.options.ternarize = true;
        add(cases, set, options, "ternary-f32", kind, [](const Linear& weight) { return weight.kind == Linear::Kind::Ternary; });
    }
    for (const auto& encoding : encodings.all())
        add(cases, set, options, lower(encoding->info().id) + (encoding->info().id == "F32" ? "" : "-f32"), {encoding, {}, false},
            [](const Linear& weight) { return weight.kind == Linear::Kind::InPlace || weight.kind == Linear::Kind::Decode; });
}

} // namespace trilobit
