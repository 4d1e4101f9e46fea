#include "widgets/dialogs/downloaddialog.h"

#include "widgets/common/format.h"
#include "widgets/common/theme.h"
#include "widgets/common/workbench.h"

#include <QDialogButtonBox>
#include <QDir>
#include <QFileDialog>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QStorageInfo>
#include <QTreeWidget>
#include <QVBoxLayout>

namespace trilobit {

namespace {

enum Column { File, Size };
constexpr int kBytesRole = Qt::UserRole;

QPushButton* browseButton(const QString& name, const QString& label, QWidget* parent) {
    auto* button = new QPushButton(DownloadDialog::tr("Browse…"), parent);
    button->setObjectName(name);
    button->setAccessibleName(label);
    button->setAutoDefault(false);
    return button;
}

QHBoxLayout* beside(QWidget* wide, QWidget* button) {
    auto* row = new QHBoxLayout;
    row->addWidget(wide, 1);
    row->addWidget(button);
    return row;
}

/// The first folder upwards that is there: where the files will take room.
QString existingFolder(QDir folder) {
    while (!folder.exists() && folder.cdUp()) {}
    return folder.path();
}

} // namespace

DownloadDialog::DownloadDialog(Workbench& workbench, const QString& endpoint, const QString& folder, QWidget* parent)
    : QDialog(parent), m_bench(workbench), m_base(folder), m_repository(new QLineEdit(this)), m_endpoint(new QLineEdit(this)),
      m_token(new QLineEdit(this)), m_folder(new QLineEdit(this)), m_list(new QPushButton(tr("&List files"), this)),
      m_files(new QTreeWidget(this)), m_state(new QLabel(this)) {
    setObjectName(QStringLiteral("downloadDialog"));
    setWindowTitle(tr("Download a model"));
    build(endpoint);
    connect(m_list, &QPushButton::clicked, this, &DownloadDialog::askForList);
    connect(m_repository, &QLineEdit::textChanged, this, [this] {
        proposeFolder();
        refresh();
    });
    connect(m_folder, &QLineEdit::textEdited, this, [this] { m_folderTyped = true; });
    connect(m_folder, &QLineEdit::textChanged, this, &DownloadDialog::refresh);
    connect(m_files, &QTreeWidget::itemChanged, this, &DownloadDialog::refresh);
    refresh();
}

DownloadDialog::~DownloadDialog() {
    if (m_job)
        m_bench.jobs().cancel(*m_job);
}

void DownloadDialog::build(const QString& endpoint) {
    m_repository->setObjectName(QStringLiteral("downloadRepository"));
    m_repository->setPlaceholderText(tr("ORGANISATION/NAME, as in the address of the page"));
    m_endpoint->setObjectName(QStringLiteral("downloadEndpoint"));
    m_endpoint->setText(endpoint);
    m_endpoint->setPlaceholderText(QStringLiteral("https://huggingface.co"));
    m_endpoint->setToolTip(tr("The server to ask: Hugging Face itself when empty, or a mirror that has the same paths."));
    m_token->setObjectName(QStringLiteral("downloadToken"));
    m_token->setPlaceholderText(tr("only for repositories that want one"));
    m_token->setToolTip(tr("A file that holds nothing but your access token. It is sent to this server alone and written down nowhere."));
    m_folder->setObjectName(QStringLiteral("downloadFolder"));
    m_list->setObjectName(QStringLiteral("downloadList"));
    m_files->setObjectName(QStringLiteral("downloadFiles"));
    m_files->setAccessibleName(tr("Files of the repository"));
    m_files->setHeaderLabels({tr("File"), tr("Size")});
    m_files->setRootIsDecorated(false);
    m_files->setAlternatingRowColors(true);
    m_files->header()->setStretchLastSection(false);
    m_files->header()->setSectionResizeMode(File, QHeaderView::Stretch);
    m_files->header()->setSectionResizeMode(Size, QHeaderView::ResizeToContents);
    m_state->setObjectName(QStringLiteral("downloadState"));
    m_state->setWordWrap(true);
    m_state->setTextFormat(Qt::RichText);
    m_state->setMinimumHeight(fontMetrics().lineSpacing() * 2);
    m_state->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    auto* note = new QLabel(tr("This is the one part of Trilobit that uses the network, and only when you press a button here."), this);
    note->setProperty("role", "muted");
    note->setWordWrap(true);
    auto* browseToken = browseButton(QStringLiteral("downloadBrowseToken"), tr("Browse for the token file"), this);
    auto* browseFolder = browseButton(QStringLiteral("downloadBrowseFolder"), tr("Browse for the folder"), this);
    connect(browseToken, &QPushButton::clicked, this, [this] {
        auto* dialog = new QFileDialog(this, tr("Token file"));
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        connect(dialog, &QFileDialog::fileSelected, m_token, &QLineEdit::setText);
        dialog->open();
    });
    connect(browseFolder, &QPushButton::clicked, this, [this] {
        auto* dialog = new QFileDialog(this, tr("Folder for the model"), m_base);
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->setFileMode(QFileDialog::Directory);
        connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& path) {
            m_folderTyped = true;
            m_folder->setText(path);
        });
        dialog->open();
    });
    auto* form = new QFormLayout;
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    const auto row = [&](const QString& label, QWidget* field, QLayout* layout) {
        auto* text = new QLabel(label, this);
        text->setBuddy(field);
        form->addRow(text, layout);
    };
    row(tr("&Repository"), m_repository, beside(m_repository, m_list));
    auto* server = new QHBoxLayout;
    server->addWidget(m_endpoint);
    row(tr("&Server"), m_endpoint, server);
    row(tr("Access &token"), m_token, beside(m_token, browseToken));
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel, this);
    m_download = buttons->button(QDialogButtonBox::Ok);
    m_download->setObjectName(QStringLiteral("downloadConfirm"));
    m_download->setText(tr("&Download"));
    makePrimary(m_download);
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto* target = new QFormLayout;
    auto* folderLabel = new QLabel(tr("&Into folder"), this);
    folderLabel->setBuddy(m_folder);
    target->addRow(folderLabel, beside(m_folder, browseFolder));
    auto* layout = new QVBoxLayout(this);
    layout->setSpacing(10);
    layout->addWidget(note);
    layout->addLayout(form);
    layout->addWidget(m_files, 1);
    layout->addLayout(target);
    layout->addWidget(m_state);
    layout->addWidget(buttons);
    resize(640, 520);
}

QString DownloadDialog::endpoint() const { return m_endpoint->text().trimmed(); }

Command DownloadDialog::command() const {
    Command command{"download", Json::object({{"repository", m_repository->text().trimmed().toStdString()}})};
    if (!endpoint().isEmpty())
        command.args.set("endpoint", endpoint().toStdString());
    if (const QString token = m_token->text().trimmed(); !token.isEmpty())
        command.args.set("token_file", token.toStdString());
    return command;
}

void DownloadDialog::askForList() {
    if (m_job || m_repository->text().trimmed().isEmpty())
        return;
    m_files->clear();
    m_listed = m_repository->text().trimmed();
    Command list = command();
    list.args.set("list", true);
    m_job = m_bench.runBeside({tr("List the files of %1").arg(m_listed), JobLane::Network, true}, this, {list}, {},
                              [this](Result<Json> result) {
                                  m_job.reset();
                                  showList(result);
                                  emit listed();
                              });
    refresh();
}

void DownloadDialog::showList(const Result<Json>& result) {
    if (!result) {
        m_listed.clear();
        refresh();
        return say(errorText(result.error()), true);
    }
    {
        const QSignalBlocker quiet(m_files);
        for (const Json& file : (*result)["files"].items()) {
            const quint64 bytes = file["bytes"].toUInt(0);
            auto* item = new QTreeWidgetItem(m_files, {qtext(file["path"].toString()), bytesText(bytes)});
            item->setData(Size, kBytesRole, bytes);
            item->setTextAlignment(Size, Qt::AlignRight | Qt::AlignVCenter);
            item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable | Qt::ItemNeverHasChildren);
            item->setCheckState(File, file["suggested"].toBool() ? Qt::Checked : Qt::Unchecked);
        }
    }
    refresh();
    if (QTreeWidgetItem* first = m_files->topLevelItem(0)) {
        m_files->setCurrentItem(first);
        m_files->setFocus();
    }
}

void DownloadDialog::proposeFolder() {
    if (m_folderTyped)
        return;
    const QString name = m_repository->text().trimmed().section(QLatin1Char('/'), -1);
    m_folder->setText(name.isEmpty() ? QString() : QDir(m_base).filePath(name));
}

QStringList DownloadDialog::chosenFiles() const {
    QStringList files;
    for (int i = 0; i < m_files->topLevelItemCount(); ++i)
        if (m_files->topLevelItem(i)->checkState(File) == Qt::Checked)
            files << m_files->topLevelItem(i)->text(File);
    return files;
}

quint64 DownloadDialog::chosenBytes() const {
    quint64 bytes = 0;
    for (int i = 0; i < m_files->topLevelItemCount(); ++i)
        if (m_files->topLevelItem(i)->checkState(File) == Qt::Checked)
            bytes += m_files->topLevelItem(i)->data(Size, kBytesRole).toULongLong();
    return bytes;
}

void DownloadDialog::say(const QString& text, bool problem) {
    m_state->setText(problem ? QStringLiteral("<font color=\"%1\">%2</font>").arg(themeColors(palette()).bad.name(), text.toHtmlEscaped())
                             : text.toHtmlEscaped());
}

void DownloadDialog::refresh() {
    const QString repository = m_repository->text().trimmed();
    m_list->setEnabled(!m_job && !repository.isEmpty());
    m_download->setEnabled(false);
    // Enter does what comes next.
    const bool shown = !m_listed.isEmpty() && m_listed == repository && m_files->topLevelItemCount() > 0;
    (shown ? m_download : m_list)->setDefault(true);
    if (m_job)
        return say(tr("asking for the files of %1…").arg(m_listed), false);
    if (!shown)
        return say(repository.isEmpty() ? tr("Name a repository, then list its files.") : tr("List its files, then choose."), false);
    const qsizetype count = chosenFiles().size();
    if (count == 0)
        return say(tr("Tick what you want. A GGUF file is a whole model; of safetensors all parts are needed, with "
                      "config.json and the tokenizer."),
                   false);
    if (m_folder->text().trimmed().isEmpty())
        return say(tr("Name a folder to write to."), true);
    const quint64 bytes = chosenBytes();
    const QStorageInfo disk(existingFolder(QDir(m_folder->text().trimmed())));
    if (disk.isValid() && static_cast<quint64>(std::max<qint64>(0, disk.bytesAvailable())) < bytes)
        return say(tr("The disk has %1 free; %2 are needed.")
                       .arg(bytesText(static_cast<quint64>(std::max<qint64>(0, disk.bytesAvailable()))), bytesText(bytes)),
                   true);
    m_download->setEnabled(true);
    say(tr("%n file(s), %1. What has arrived already is not fetched again.", nullptr, static_cast<int>(count)).arg(bytesText(bytes)), false);
}

void DownloadDialog::accept() {
    if (!m_download->isEnabled())
        return askForList();
    Command download = command();
    download.args.set("file", chosenFiles().join(QLatin1Char(',')).toStdString());
    download.args.set("output", m_folder->text().trimmed().toStdString());
    emit chosen(download);
    QDialog::accept();
}

} // namespace trilobit
