// HelpDialog: the manual beside the window, opened at the place a person is at.
#pragma once

#include <QDialog>

class QListWidget;
class QTextBrowser;

namespace trilobit {

class HelpDialog : public QDialog {
    Q_OBJECT
public:
    explicit HelpDialog(QWidget* parent = nullptr);

    /// A page of the manual ("views") and a heading in it; an empty heading is the page's start. Unknown pages show the
    /// first one.
    void showPage(const QString& page, const QString& heading = {});
    QString page() const { return m_page; }
    QString heading() const { return m_heading; }
    /// Page and heading for a widget, found on the way up from it; the first page when nobody says.
    static std::pair<QString, QString> placeOf(const QWidget* widget);

private:
    QTextBrowser* m_text;
    QListWidget* m_pages;
    QString m_page, m_heading;
};

} // namespace trilobit
