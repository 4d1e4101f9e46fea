// KeptWork: lets a long quantization go on where an earlier run of the same work ended, to the same bytes.
#pragma once

#include "core/base/log.h"
#include "core/quant/quantizer.h"
#include "core/quant/workfolder.h"

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace trilobit {

struct KeepOptions {
    std::string folder;      ///< empty: nothing is kept
    double afterSeconds = 5; ///< of work until the folder is made; an existing one is used at once. Negative: nothing is kept
    Json job;                ///< what the work is, for whoever finds it unfinished (UnfinishedWork::job)
    std::string program;     ///< name and version of what computes
    LogSink log;             ///< one sentence for every entry that is not used, and for what stands in the way
};

/// Handed to quantizeModel. A kept tensor is found again only by a key that everything goes into which decides its bytes:
/// program, source values, method with revision and parameters, encoding, seed. Nothing here can fail a quantization except
/// Cancelled: without disk space it goes on and keeps nothing.
class KeptWork {
public:
    KeptWork(KeepOptions options, const QuantServices& services);
    /// What is kept stays, unless done() was called.
    ~KeptWork();
    KeptWork(const KeptWork&) = delete;
    KeptWork& operator=(const KeptWork&) = delete;

    /// The bytes of `source` under `plan` from an earlier run. Errors: Cancelled.
    Result<std::optional<KeptTensor>> find(const Tensor& source, const TensorPlan& plan, std::uint64_t recipeSeed,
                                           RunControl& control);
    /// `made` was computed; it may be changed to point to the kept bytes, now or in a later call. All three stay where they
    /// are until the last call. Errors: Cancelled.
    Result<void> finished(const Tensor& source, const TensorPlan& plan, std::uint64_t recipeSeed, Tensor& made,
                          const ErrorMetrics& error, double seconds, RunControl& control);
    /// Files that kept tensors lie in.
    const std::vector<std::shared_ptr<const MappedFile>>& files() const { return m_files; }
    /// The result is safe elsewhere: removes the folder.
    void done();

private:
    struct Waiting {
        const Tensor* source;
        const TensorPlan* plan;
        std::uint64_t recipeSeed;
        Tensor* made;
        ErrorMetrics error;
        double seconds;
    };
    Result<std::string> keyOf(const Tensor& source, const TensorPlan& plan, std::uint64_t recipeSeed, RunControl& control);
    Result<void> keep(const Waiting& waiting, RunControl& control);
    void openFolder();
    void note(const std::string& text) const;

    KeepOptions m_options;
    QuantServices m_services;
    std::chrono::steady_clock::time_point m_start = std::chrono::steady_clock::now();
    std::unique_ptr<WorkFolder> m_folder;
    std::vector<Waiting> m_waiting; ///< finished before the folder was made
    std::map<const Tensor*, std::string> m_keys;
    std::vector<std::shared_ptr<const MappedFile>> m_files;
    std::uint64_t m_found = 0; ///< entries that were there and used
    std::uint64_t m_before = 0; ///< entries that were there
    bool m_off = false;
};

} // namespace trilobit
