#include "core/base/alignedbuffer.h"
#include "core/base/rng.h"
#include "core/engine/workerteam.h"
#include "core/eval/kernelbench/kernelwork.h"

#include <algorithm>

namespace trilobit {

namespace {

/// One token's row and room for whatever a kernel makes of it.
struct RowPlace {
    std::int64_t width;
    float* x;           ///< [width], fresh for every run
    const float* other; ///< [width]
    float* y;           ///< [width]
    std::int8_t* q;     ///< [paddedCols(width)]: x rounded per token
    std::uint8_t* bytes; ///< tableBytes(width), or more
    std::int32_t* sums; ///< [width / 16]
};

constexpr std::int64_t kHeadDim = 128;
/// Single tokens that one run takes: the clock must not count, and the rows still come from a near cache as they do in the engine.
constexpr std::int64_t kSingles = 4;

struct RowKernel {
    const char* name;
    double bytesPerValue; ///< read and written
    void (*run)(const KernelSet& set, const RowPlace& row) noexcept;
};

template <kernels::CacheType Type>
void storeHeads(const KernelSet& set, const RowPlace& row) noexcept {
    for (std::int64_t c = 0, out = 0; c < row.width; c += kHeadDim, out += kernels::cacheRowBytes(Type, kHeadDim))
        set.cache(Type).store(row.x + c, kHeadDim, row.bytes + out);
}

// The numbers of rounding: a float read, a byte and now and then a sum or a scale written.
constexpr RowKernel kRowKernels[] = {
    {"round-token", 5, [](const KernelSet& set, const RowPlace& r) noexcept { (void)set.rounding->token(r.x, r.width, r.q, r.sums); }},
    {"round-blocks", 5.375,
     [](const KernelSet& set, const RowPlace& r) noexcept { set.rounding->blocks(r.x, r.width, r.q, r.y, r.sums); }},
    {"lookup-tables", 1 + 32.0 / 3,
     [](const KernelSet& set, const RowPlace& r) noexcept { set.rounding->tables(r.q, r.width, r.bytes); }},
    {"cache-f16-store", 6, storeHeads<kernels::CacheType::F16>},
    {"cache-q8_0-store", 5.0625, storeHeads<kernels::CacheType::Q8_0>},
    {"rms-norm", 12, [](const KernelSet& set, const RowPlace& r) noexcept { set.rows->rmsNorm(r.x, r.other, r.width, 1e-5, r.y); }},
    {"add-row", 12, [](const KernelSet& set, const RowPlace& r) noexcept { set.rows->addRow(r.other, r.width, r.x); }},
    {"exponentials", 8, [](const KernelSet& set, const RowPlace& r) noexcept { set.rows->exponentials(r.x, r.width, 0.1f); }},
    {"softmax", 8, [](const KernelSet& set, const RowPlace& r) noexcept { set.rows->softmax(r.x, r.width, 0.1f); }},
    {"silu-gate", 12, [](const KernelSet& set, const RowPlace& r) noexcept { set.rows->siluGate(r.x, r.other, r.width); }},
    {"relu2-gate", 12, [](const KernelSet& set, const RowPlace& r) noexcept { set.rows->relu2Gate(r.x, r.other, r.width); }},
    {"gelu-gate", 12, [](const KernelSet& set, const RowPlace& r) noexcept { set.rows->geluTanhGate(r.x, r.other, r.width); }},
    {"rotate", 8,
     [](const KernelSet&, const RowPlace& r) noexcept {
         kernels::rotate(r.x, r.width / kHeadDim, kHeadDim, kHeadDim, false, r.other, r.other + kHeadDim / 2);
     }},
};

class RowWork : public KernelWork {
public:
    RowWork(const KernelSet& set, const KernelBenchOptions& options, const RowKernel& kernel)
        : m_set(set), m_kernel(kernel), m_team(options.threads), m_width(options.cols), m_rows(std::max(options.batch, kSingles)),
          m_bytesPerRow(std::max(kernels::tableBytes(m_width), 2 * m_width)), m_fresh(values(m_width)), m_x(m_fresh.size()),
          m_other(m_fresh.size()), m_y(m_fresh.size()), m_q(values(kernels::paddedCols(m_width))), m_bytes(values(m_bytesPerRow)),
          m_sums(m_fresh.size() / 16) {
        Rng rng(options.seed);
        for (std::size_t i = 0; i < m_fresh.size(); ++i) {
            m_fresh[i] = static_cast<float>(rng.normal());
            m_other[i] = static_cast<float>(rng.normal());
        }
        refresh();
        for (std::int64_t row = 0; row < m_rows; ++row) // for the tables, which start from rounded values
            (void)m_set.rounding->token(place(row).x, m_width, place(row).q, place(row).sums);
    }

    void refresh() override { std::copy(m_fresh.begin(), m_fresh.end(), m_x.begin()); }
    Result<void> run(std::int64_t tokens, RunControl&) override {
        m_team.run(tokens == 1 ? kSingles : tokens, tokens > 1,
                   [&](std::int64_t row, int) noexcept { m_kernel.run(m_set, place(row)); });
        return {};
    }

    std::int64_t calls(std::int64_t tokens) const override { return tokens == 1 ? kSingles : 1; }
    std::string kernel() const override { return std::string(m_kernel.name) + "/" + m_set.name; }
    std::uint64_t bytes() const override { return static_cast<std::uint64_t>(bytesOfCall(1)); }
    double bytesOfCall(std::int64_t tokens) const override { return m_kernel.bytesPerValue * static_cast<double>(tokens * m_width); }

private:
    std::size_t values(std::int64_t perRow) const { return static_cast<std::size_t>(m_rows * perRow); }
    RowPlace place(std::int64_t row) noexcept {
        const std::int64_t at = row * m_width;
        return {m_width, m_x.data() + at, m_other.data() + at, m_y.data() + at, m_q.data() + row * kernels::paddedCols(m_width),
                m_bytes.data() + row * m_bytesPerRow, m_sums.data() + at / 16};
    }

    const KernelSet& m_set;
    const RowKernel& m_kernel;
    WorkerTeam m_team;
    std::int64_t m_width, m_rows, m_bytesPerRow;
    AlignedBuffer<float> m_fresh, m_x, m_other, m_y;
    AlignedBuffer<std::int8_t> m_q;
    AlignedBuffer<std::uint8_t> m_bytes;
    AlignedBuffer<std::int32_t> m_sums;
};

} // namespace

void addRowCases(const KernelSet& set, const KernelBenchOptions& options, KernelCases& cases) {
    for (const RowKernel& kernel : kRowKernels) {
        if (std::string_view(kernel.name) == "lookup-tables" && !set.rounding->tables)
            continue; // this set needs none
        cases.push_back({kernel.name, {}, [&set, options, &kernel](RunControl&) -> Result<std::unique_ptr<KernelWork>> {
                             return std::make_unique<RowWork>(set, options, kernel);
                         }});
    }
}

} // namespace trilobit
