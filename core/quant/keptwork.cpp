#include "core/quant/keptwork.h"

#include "core/base/sha256.h"
#include "core/model/tensorhash.h"
#include "core/quant/tensorwork.h"

namespace trilobit {

KeptWork::KeptWork(KeepOptions options, const QuantServices& services)
    : m_options(std::move(options)), m_services(services) {
    m_off = m_options.folder.empty() || m_options.afterSeconds < 0;
    if (!m_off && WorkFolder::exists(m_options.folder))
        openFolder();
}

KeptWork::~KeptWork() {
    if (!m_folder)
        return;
    const std::uint64_t count = m_folder->count();
    if (count == 0)
        m_folder->remove();
    else
        note(std::to_string(count) + (count == 1 ? " finished tensor is" : " finished tensors are") + " kept in "
             + m_folder->path() + "; the same work goes on from there");
}

void KeptWork::note(const std::string& text) const {
    if (m_options.log)
        m_options.log(LogLevel::Warning, text);
}

void KeptWork::openFolder() {
    auto folder = WorkFolder::open(m_options.folder, m_options.job);
    if (!folder) {
        note("finished tensors are not kept: " + folder.error().text());
        m_off = true;
        m_waiting.clear();
        return;
    }
    m_folder = *std::move(folder);
    m_before = m_folder->count();
}

Result<std::string> KeptWork::keyOf(const Tensor& source, const TensorPlan& plan, std::uint64_t recipeSeed,
                                    RunControl& control) {
    std::string& key = m_keys[&source];
    if (!key.empty())
        return key;
    TRILOBIT_TRY(const std::string values, tensorHash(source, control));
    // Whatever decides the bytes belongs in here.
    Json importance;
    if (plan.importance) {
        TRILOBIT_TRY(const std::vector<float> channels, importanceOf(source, m_services));
        importance = sha256Hex({reinterpret_cast<const char*>(channels.data()), channels.size() * sizeof(float)});
    }
    Json work = Json::object({{"program", m_options.program},
                                    {"source", values},
                                    {"method", plan.choice.method},
                                    {"revision", m_services.methods->revision(plan.choice.method)},
                                    {"params", paramsToJson(plan.choice.params)},
                                    {"encoding", plan.applied},
                                    {"seed", tensorSeed(recipeSeed, source.name)}});
    work.set("importance", importance);
    key = sha256Hex(work.dump());
    return key;
}

Result<std::optional<KeptTensor>> KeptWork::find(const Tensor& source, const TensorPlan& plan, std::uint64_t recipeSeed,
                                                 RunControl& control) {
    if (!m_folder || m_before == 0)
        return std::optional<KeptTensor>();
    TRILOBIT_TRY(const std::string key, keyOf(source, plan, recipeSeed, control));
    auto found = m_folder->find(key, plan.bytesAfter, control);
    if (!found && found.error().code != ErrorCode::Cancelled) {
        note(found.error().text() + "; " + source.name + " is computed again");
        return std::optional<KeptTensor>();
    }
    if (found && *found) {
        m_files.push_back((*found)->file);
        ++m_found;
    }
    return found;
}

Result<void> KeptWork::finished(const Tensor& source, const TensorPlan& plan, std::uint64_t recipeSeed, Tensor& made,
                                const ErrorMetrics& error, double seconds, RunControl& control) {
    if (m_off)
        return {};
    m_waiting.push_back({&source, &plan, recipeSeed, &made, error, seconds});
    if (!m_folder) {
        if (std::chrono::duration<double>(std::chrono::steady_clock::now() - m_start).count() < m_options.afterSeconds)
            return {};
        openFolder();
    }
    for (const Waiting& waiting : m_waiting)
        TRILOBIT_CHECK(keep(waiting, control));
    m_waiting.clear();
    return {};
}

Result<void> KeptWork::keep(const Waiting& waiting, RunControl& control) {
    if (m_off)
        return {};
    if (control.isCancelled()) // paused work waits here and writes nothing
        return cancelledError();
    TRILOBIT_TRY(const std::string key, keyOf(*waiting.source, *waiting.plan, waiting.recipeSeed, control));
    auto kept = m_folder->add(key, waiting.source->name, waiting.made->bytes, waiting.error, waiting.seconds, control);
    if (!kept) {
        if (kept.error().code == ErrorCode::Cancelled)
            return std::move(kept).error();
        note("finished tensors are no longer kept: " + kept.error().text());
        m_off = true;
        return {};
    }
    // Memory stays free for the tensors to come.
    waiting.made->bytes = kept->bytes;
    waiting.made->owner = kept->file;
    m_files.push_back(kept->file);
    return {};
}

void KeptWork::done() {
    if (!m_folder)
        return;
    if (m_before > m_found)
        note(std::to_string(m_before - m_found) + " tensors in " + m_folder->path()
             + " were damaged or of other work and were not used");
    m_folder->remove();
    m_folder.reset();
}

} // namespace trilobit
