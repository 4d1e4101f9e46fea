// DownloadDialog: which files of a repository to fetch, and where to.
#pragma once

#include "core/commands/command.h"

#include <QDialog>

#include <optional>

class QLabel;
class QLineEdit;
class QPushButton;
class QTreeWidget;
class QTreeWidgetItem;

namespace trilobit {

class Workbench;

/// Opens no connection before a person asks for the list of files.
class DownloadDialog : public QDialog {
    Q_OBJECT
public:
    /// `endpoint`: the mirror used last, or empty. `folder`: where a folder for the model is proposed.
    DownloadDialog(Workbench& workbench, const QString& endpoint, const QString& folder, QWidget* parent = nullptr);
    ~DownloadDialog() override;
    void accept() override;
    QString endpoint() const;

signals:
    void chosen(const Command& download);
    void listed(); ///< the files are there, or the reason why not

private:
    void build(const QString& endpoint);
    void askForList();
    void showList(const Result<Json>& result);
    void proposeFolder();
    void refresh();
    void say(const QString& text, bool problem);
    Command command() const;
    QStringList chosenFiles() const;
    quint64 chosenBytes() const;

    Workbench& m_bench;
    QString m_base, m_listed; ///< m_listed: the repository whose files are shown
    QLineEdit *m_repository, *m_endpoint, *m_token, *m_folder;
    QPushButton *m_list, *m_download = nullptr;
    QTreeWidget* m_files;
    QLabel* m_state;
    std::optional<quint64> m_job;
    bool m_folderTyped = false;
};

} // namespace trilobit
