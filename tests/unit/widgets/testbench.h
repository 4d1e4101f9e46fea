// A workbench on the small demo model, with real plugins and a store of its own.
#pragma once

#include "core/model/demomodel.h"
#include "core/pluginhost/pluginhost.h"
#include "tests/support/testdata.h"
#include "widgets/common/workbench.h"

#include <QTemporaryDir>

namespace trilobit::test {

class TestBench {
public:
    TestBench() : m_bench(prepared(), m_jobs) {}

    /// Writes the demo model and opens it; false when that fails.
    bool openDemo() {
        RunControl control;
        const QString path = folder.filePath(QStringLiteral("demo.gguf"));
        if (!writeDemoModel(path.toStdString(), 1, control))
            return false;
        m_bench.openModel(path);
        return QTest::qWaitFor([this] { return !m_bench.isBusy(); }, 30'000) && m_bench.model();
    }
    bool waitIdle() {
        return QTest::qWaitFor([this] { return !m_bench.isBusy() && m_jobs.isIdle(); }, 60'000);
    }

    Workbench& bench() { return m_bench; }
    Workspace& workspace() { return m_workspace; }
    JobQueue& jobs() { return m_jobs; }
    const Model& model() { return *m_bench.model(); }
    std::vector<std::string> quantizable() {
        std::vector<std::string> names;
        for (const Tensor& tensor : model().tensors())
            if (tensor.isQuantizable())
                names.push_back(tensor.name);
        return names;
    }

    QTemporaryDir folder;

private:
    Workspace& prepared() {
        m_plugins.scan(PluginHost::defaultFolders());
        m_workspace.methods = &m_plugins.methods();
        m_workspace.threads = 1;
        if (auto store = ExperimentStore::open(folder.filePath(QStringLiteral("runs.sqlite"))))
            m_workspace.store = *std::move(store);
        return m_workspace;
    }

    PluginHost m_plugins;
    Workspace m_workspace;
    JobQueue m_jobs;
    Workbench m_bench;
};

} // namespace trilobit::test
