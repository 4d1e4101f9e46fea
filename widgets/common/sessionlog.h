// SessionLog: every command as a line of JSON, and the recipe of the moment, so that a crash loses nothing.
#pragma once

#include "core/base/result.h"
#include "core/commands/command.h"
#include "core/quant/recipe.h"

#include <QString>
#include <QThreadPool>

#include <optional>

namespace trilobit {

/// Writing happens on a thread of its own, in order; no call waits for the disk. Calls may come from any thread.
class SessionLog {
public:
    /// Files go to `folder` (made when needed): session.jsonl, recipes/<hash of the model's path>.json.
    explicit SessionLog(QString folder);
    /// Waits until everything is written.
    ~SessionLog();

    QString path() const;
    /// {"time": ..., "verb": ..., "args": ..., "ok": true}; "error" with the text when it failed.
    void append(const Command& command, const Result<Json>& result);
    /// Replaces what was saved for this model.
    void saveRecipe(const QString& modelPath, const Recipe& recipe);
    /// What was saved for this model; nothing when there is no readable recipe.
    std::optional<Recipe> savedRecipe(const QString& modelPath) const;
    void waitUntilWritten() { m_writer.waitForDone(); }

private:
    QString recipePath(const QString& modelPath) const;

    QString m_folder;
    QThreadPool m_writer;
};

} // namespace trilobit
