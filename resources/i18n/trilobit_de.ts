<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de_DE" sourcelanguage="en">
<context>
    <name>QObject</name>
    <message>
        <source>Undo failed</source>
        <translation>Rückgängig misslang</translation>
    </message>
    <message>
        <source>Redo failed</source>
        <translation>Wiederholen misslang</translation>
    </message>
    <message>
        <source>&lt;h3&gt;Trilobit %1&lt;/h3&gt;&lt;p&gt;A workbench for low-bit language models. Everything runs on this computer; the network is not used.&lt;/p&gt;&lt;table cellspacing=6&gt;&lt;tr&gt;&lt;td&gt;CPU&lt;/td&gt;&lt;td&gt;%2, %3 threads&lt;/td&gt;&lt;/tr&gt;&lt;tr&gt;&lt;td&gt;Features&lt;/td&gt;&lt;td&gt;%4&lt;/td&gt;&lt;/tr&gt;&lt;tr&gt;&lt;td&gt;Memory&lt;/td&gt;&lt;td&gt;%5&lt;/td&gt;&lt;/tr&gt;&lt;tr&gt;&lt;td&gt;System&lt;/td&gt;&lt;td&gt;%6&lt;/td&gt;&lt;/tr&gt;&lt;tr&gt;&lt;td&gt;Compiler&lt;/td&gt;&lt;td&gt;%7&lt;/td&gt;&lt;/tr&gt;&lt;tr&gt;&lt;td&gt;Qt&lt;/td&gt;&lt;td&gt;%8&lt;/td&gt;&lt;/tr&gt;&lt;tr&gt;&lt;td&gt;Experiments&lt;/td&gt;&lt;td&gt;%9&lt;/td&gt;&lt;/tr&gt;</source>
        <translation>&lt;h3&gt;Trilobit %1&lt;/h3&gt;&lt;p&gt;Eine Werkbank für Sprachmodelle mit wenigen Bit. Alles läuft auf diesem Rechner; das Netz wird nicht benutzt.&lt;/p&gt;&lt;table cellspacing=6&gt;&lt;tr&gt;&lt;td&gt;Prozessor&lt;/td&gt;&lt;td&gt;%2, %3 Threads&lt;/td&gt;&lt;/tr&gt;&lt;tr&gt;&lt;td&gt;Fähigkeiten&lt;/td&gt;&lt;td&gt;%4&lt;/td&gt;&lt;/tr&gt;&lt;tr&gt;&lt;td&gt;Speicher&lt;/td&gt;&lt;td&gt;%5&lt;/td&gt;&lt;/tr&gt;&lt;tr&gt;&lt;td&gt;System&lt;/td&gt;&lt;td&gt;%6&lt;/td&gt;&lt;/tr&gt;&lt;tr&gt;&lt;td&gt;Übersetzer&lt;/td&gt;&lt;td&gt;%7&lt;/td&gt;&lt;/tr&gt;&lt;tr&gt;&lt;td&gt;Qt&lt;/td&gt;&lt;td&gt;%8&lt;/td&gt;&lt;/tr&gt;&lt;tr&gt;&lt;td&gt;Versuche&lt;/td&gt;&lt;td&gt;%9&lt;/td&gt;&lt;/tr&gt;</translation>
    </message>
    <message>
        <source>not recorded</source>
        <translation>nicht aufgezeichnet</translation>
    </message>
    <message>
        <source>&lt;tr&gt;&lt;td&gt;Session log&lt;/td&gt;&lt;td&gt;%1&lt;/td&gt;&lt;/tr&gt;&lt;/table&gt;&lt;p&gt;Apache License 2.0. Built with Qt, QCustomPlot and Eigen.&lt;/p&gt;</source>
        <translation>&lt;tr&gt;&lt;td&gt;Sitzungsprotokoll&lt;/td&gt;&lt;td&gt;%1&lt;/td&gt;&lt;/tr&gt;&lt;/table&gt;&lt;p&gt;Apache License 2.0. Gebaut mit Qt, QCustomPlot und Eigen.&lt;/p&gt;</translation>
    </message>
    <message>
        <source>Plugins</source>
        <translation>Plugins</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>Version</translation>
    </message>
    <message>
        <source>Methods</source>
        <translation>Methoden</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>loaded</source>
        <translation>geladen</translation>
    </message>
    <message>
        <source>&lt;b&gt;%1 → %2&lt;/b&gt; (%3) for these; whole model %4 → %5 bits per weight.</source>
        <translation>&lt;b&gt;%1 → %2&lt;/b&gt; (%3) für diese; das ganze Modell %4 → %5 Bit je Gewicht.</translation>
    </message>
    <message>
        <source>Refused for %1: %2</source>
        <translation>Abgelehnt für %1: %2</translation>
    </message>
    <message>
        <source>Another encoding for %1: %2</source>
        <translation>Andere Kodierung für %1: %2</translation>
    </message>
    <message>
        <source>keep</source>
        <translation>behalten</translation>
    </message>
    <message>
        <source>&lt;h3&gt;Run %1: %2&lt;/h3&gt;</source>
        <translation>&lt;h3&gt;Lauf %1: %2&lt;/h3&gt;</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>Stand</translation>
    </message>
    <message>
        <source>Started</source>
        <translation>Begonnen</translation>
    </message>
    <message>
        <source>Took</source>
        <translation>Dauer</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Weights</source>
        <translation>Gewichte</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>Startwert</translation>
    </message>
    <message>
        <source>Build</source>
        <translation>Programmstand</translation>
    </message>
    <message>
        <source>CPU</source>
        <translation>CPU</translation>
    </message>
    <message>
        <source>&lt;p&gt;&lt;b&gt;Recipe&lt;/b&gt; &lt;font color=&quot;%1&quot;&gt;%2&lt;/font&gt;&lt;/p&gt;&lt;p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Rezept&lt;/b&gt; &lt;font color=&quot;%1&quot;&gt;%2&lt;/font&gt;&lt;/p&gt;&lt;p&gt;</translation>
    </message>
    <message>
        <source>&lt;p&gt;&lt;b&gt;Files&lt;/b&gt;&lt;/p&gt;&lt;p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Dateien&lt;/b&gt;&lt;/p&gt;&lt;p&gt;</translation>
    </message>
    <message>
        <source>&lt;h3&gt;%1 runs side by side&lt;/h3&gt;&lt;table cellspacing=0 cellpadding=4&gt;</source>
        <translation>&lt;h3&gt;%1 Läufe nebeneinander&lt;/h3&gt;&lt;table cellspacing=0 cellpadding=4&gt;</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>Lauf</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>Art</translation>
    </message>
    <message>
        <source>Recipe</source>
        <translation>Rezept</translation>
    </message>
    <message>
        <source>&lt;p&gt;Only the first %1 are shown.&lt;/p&gt;</source>
        <translation>&lt;p&gt;Nur die ersten %1 werden gezeigt.&lt;/p&gt;</translation>
    </message>
</context>
<context>
    <name>trilobit</name>
    <message>
        <source>stopped at the token limit</source>
        <translation>an der Tokengrenze angehalten</translation>
    </message>
    <message>
        <source>stopped: the context is full</source>
        <translation>angehalten: der Kontext ist voll</translation>
    </message>
    <message>
        <source>stopped by you</source>
        <translation>von Ihnen angehalten</translation>
    </message>
    <message>
        <source>1 token</source>
        <translation>1 Token</translation>
    </message>
    <message>
        <source>%1 tokens</source>
        <translation>%1 Token</translation>
    </message>
    <message>
        <source>%1 tokens/s</source>
        <translation>%1 Token/s</translation>
    </message>
    <message>
        <source>first token after %1 s</source>
        <translation>erstes Token nach %1 s</translation>
    </message>
    <message>
        <source>prompt of %1</source>
        <translation>Prompt mit %1</translation>
    </message>
    <message>
        <source> (%1 already read)</source>
        <translation> (%1 schon gelesen)</translation>
    </message>
    <message>
        <source> at %1 tokens/s</source>
        <translation> mit %1 Token/s</translation>
    </message>
    <message>
        <source>emb</source>
        <translation>ein</translation>
    </message>
    <message>
        <source>out</source>
        <translation>aus</translation>
    </message>
    <message>
        <source>other</source>
        <translation>übr.</translation>
    </message>
    <message>
        <source>SQNR %1</source>
        <translation>SQNR %1</translation>
    </message>
    <message>
        <source>relative squared error %1</source>
        <translation>relativer quadratischer Fehler %1</translation>
    </message>
    <message>
        <source>RMSE %1</source>
        <translation>RMSE %1</translation>
    </message>
    <message>
        <source>largest error %1</source>
        <translation>größter Fehler %1</translation>
    </message>
    <message>
        <source>estimated from a sample of rows</source>
        <translation>geschätzt aus einer Stichprobe von Zeilen</translation>
    </message>
    <message>
        <source>SQNR (dB), higher is better</source>
        <translation>SQNR (dB), höher ist besser</translation>
    </message>
    <message>
        <source>relative squared error, lower is better</source>
        <translation>relativer quadratischer Fehler, kleiner ist besser</translation>
    </message>
    <message>
        <source>RMSE (units of the weights), lower is better</source>
        <translation>RMSE (Einheiten der Gewichte), kleiner ist besser</translation>
    </message>
    <message>
        <source>layer</source>
        <translation>Schicht</translation>
    </message>
    <message>
        <source>role of the tensor</source>
        <translation>Rolle des Tensors</translation>
    </message>
    <message>
        <source>%1 tensors together: SQNR %2. Worst: %3 with %4.</source>
        <translation>%1 Tensoren zusammen: SQNR %2. Am schlechtesten: %3 mit %4.</translation>
    </message>
    <message>
        <source>row (output)</source>
        <translation>Zeile (Ausgabe)</translation>
    </message>
    <message>
        <source>column (input)</source>
        <translation>Spalte (Eingabe)</translation>
    </message>
    <message>
        <source>magnitude</source>
        <translation>Betrag</translation>
    </message>
    <message>
        <source>absmax</source>
        <translation>größter Betrag</translation>
    </message>
    <message>
        <source>root mean square</source>
        <translation>quadratisches Mittel</translation>
    </message>
    <message>
        <source>RMS error</source>
        <translation>Mittlerer Fehler</translation>
    </message>
    <message>
        <source>normal quantile (standard deviations)</source>
        <translation>Quantil der Normalverteilung (Standardabweichungen)</translation>
    </message>
    <message>
        <source>quantile of the weights</source>
        <translation>Quantil der Gewichte</translation>
    </message>
    <message>
        <source>original (%1)</source>
        <translation>Original (%1)</translation>
    </message>
    <message>
        <source>quantized (%1)</source>
        <translation>quantisiert (%1)</translation>
    </message>
    <message>
        <source>a normal distribution</source>
        <translation>eine Normalverteilung</translation>
    </message>
    <message>
        <source>original weight</source>
        <translation>ursprüngliches Gewicht</translation>
    </message>
    <message>
        <source>quantized weight</source>
        <translation>quantisiertes Gewicht</translation>
    </message>
    <message>
        <source>weights (a sample of %1)</source>
        <translation>Gewichte (eine Stichprobe von %1)</translation>
    </message>
    <message>
        <source>no error</source>
        <translation>kein Fehler</translation>
    </message>
    <message>
        <source>number of the singular value</source>
        <translation>Nummer des Singulärwerts</translation>
    </message>
    <message>
        <source>singular value</source>
        <translation>Singulärwert</translation>
    </message>
    <message>
        <source>weights (%1 rows)</source>
        <translation>Gewichte (%1 Zeilen)</translation>
    </message>
    <message>
        <source>error</source>
        <translation>Fehler</translation>
    </message>
    <message>
        <source>On the dashed line the weights would be normally distributed. Ends that bend away are heavy tails: outliers that stretch the grid of everybody else.</source>
        <translation>Auf der gestrichelten Linie wären die Gewichte normalverteilt. Enden, die sich wegbiegen, sind schwere Ränder: Ausreißer, die das Raster aller anderen dehnen.</translation>
    </message>
    <message>
        <source>The largest weight of each output row. Rows of very different size want a scale of their own.</source>
        <translation>Das größte Gewicht jeder Ausgabezeile. Zeilen sehr verschiedener Größe brauchen je einen eigenen Maßstab.</translation>
    </message>
    <message>
        <source>The largest weight of each input column. Single tall columns are channels that hurt every group they are in.</source>
        <translation>Das größte Gewicht jeder Eingabespalte. Einzelne hohe Spalten sind Kanäle, die jeder Gruppe schaden, in der sie liegen.</translation>
    </message>
    <message>
        <source>Each point is a weight: where it was and where it went. Steps are the values the encoding can hold; points far from the dashed line moved most.</source>
        <translation>Jeder Punkt ist ein Gewicht: wo es war und wohin es kam. Stufen sind die Werte, die die Kodierung fassen kann; Punkte weit von der gestrichelten Linie haben sich am meisten bewegt.</translation>
    </message>
    <message>
        <source>How much of the matrix lies in how many directions. A flat error is noise; an error that falls off steeply has a structure that a low-rank correction could take back.</source>
        <translation>Wie viel der Matrix in wie vielen Richtungen liegt. Ein flacher Fehler ist Rauschen; ein steil abfallender hat eine Struktur, die eine Korrektur von kleinem Rang zurückholen könnte.</translation>
    </message>
    <message>
        <source>Kurtosis of every matrix: 3 for a normal distribution. The higher, the heavier the tails and the harder low-bit quantization.</source>
        <translation>Wölbung jeder Matrix: 3 bei einer Normalverteilung. Je höher, desto schwerer die Ränder und desto schwieriger das Quantisieren mit wenigen Bit.</translation>
    </message>
    <message>
        <source>Weights further than six standard deviations from the mean, counted per matrix.</source>
        <translation>Gewichte, die mehr als sechs Standardabweichungen vom Mittel entfernt sind, gezählt je Matrix.</translation>
    </message>
    <message>
        <source>kurtosis</source>
        <translation>Kurtosis</translation>
    </message>
    <message>
        <source>outliers beyond 6σ</source>
        <translation>Ausreißer jenseits von 6σ</translation>
    </message>
    <message>
        <source>same size</source>
        <translation>gleich groß</translation>
    </message>
    <message>
        <source>exact</source>
        <translation>genau</translation>
    </message>
    <message>
        <source>no signal</source>
        <translation>kein Signal</translation>
    </message>
    <message>
        <source>not a number</source>
        <translation>keine Zahl</translation>
    </message>
    <message>
        <source>on</source>
        <translation>an</translation>
    </message>
    <message>
        <source>off</source>
        <translation>aus</translation>
    </message>
    <message>
        <source>Cancelled.</source>
        <translation>Abgebrochen.</translation>
    </message>
    <message>
        <source>[end]</source>
        <translation>[Ende]</translation>
    </message>
    <message>
        <source>%1 %2 %</source>
        <translation>%1 %2 %</translation>
    </message>
    <message>
        <source>%1 gives it %2 %. It would say: %3</source>
        <translation>%1 gibt ihm %2 %. Es würde sagen: %3</translation>
    </message>
    <message>
        <source>%1: KL %2 nats</source>
        <translation>%1: KL %2 Nat</translation>
    </message>
    <message>
        <source>%1 read along</source>
        <translation>%1 mitgelesen</translation>
    </message>
    <message>
        <source>mean KL %1 nats</source>
        <translation>mittlere KL %1 Nat</translation>
    </message>
    <message>
        <source>the same best token at %1 %</source>
        <translation>dasselbe beste Token an %1 % der Stellen</translation>
    </message>
    <message>
        <source>no difference</source>
        <translation>kein Unterschied</translation>
    </message>
    <message>
        <source>first difference at token %1</source>
        <translation>erster Unterschied bei Token %1</translation>
    </message>
    <message>
        <source>What goes into this matrix, channel by channel, while the model reads a text. Few channels are often many times as strong as the others: errors of the weights they meet count most, and a calibrated quantization spends its precision there.</source>
        <translation>Was in diese Matrix hineingeht, Kanal für Kanal, während das Modell einen Text liest. Oft sind wenige Kanäle um ein Vielfaches stärker als die anderen: Fehler der Gewichte, auf die sie treffen, zählen am meisten, und eine kalibrierte Quantisierung setzt ihre Genauigkeit dort ein.</translation>
    </message>
    <message>
        <source>input channel</source>
        <translation>Eingangskanal</translation>
    </message>
    <message>
        <source>largest</source>
        <translation>größter Wert</translation>
    </message>
    <message>
        <source>mean magnitude</source>
        <translation>mittlerer Betrag</translation>
    </message>
    <message>
        <source>stands out (%1)</source>
        <translation>sticht heraus (%1)</translation>
    </message>
    <message>
        <source>channel %1</source>
        <translation>Kanal %1</translation>
    </message>
    <message>
        <source>%1 times the median channel</source>
        <translation>das %1-Fache des mittleren Kanals (Median)</translation>
    </message>
    <message>
        <source>half of the channels are silent</source>
        <translation>die Hälfte der Kanäle ist stumm</translation>
    </message>
    <message>
        <source>%1 times the median</source>
        <translation>das %1-Fache des Medians</translation>
    </message>
</context>
<context>
    <name>trilobit::AboutDialog</name>
    <message>
        <source>About Trilobit</source>
        <translation>Über Trilobit</translation>
    </message>
    <message>
        <source>About</source>
        <translation>Über</translation>
    </message>
    <message>
        <source>Plugins</source>
        <translation>Plugins</translation>
    </message>
</context>
<context>
    <name>trilobit::AppContext</name>
    <message>
        <source>A plugin was left out: %1</source>
        <translation>Ein Plugin wurde ausgelassen: %1</translation>
    </message>
    <message>
        <source>No method plugin was found in %1, so nothing can be quantized.</source>
        <translation>In %1 wurde kein Plugin mit einer Methode gefunden; so lässt sich nichts quantisieren.</translation>
    </message>
    <message>
        <source>Runs are not recorded: %1</source>
        <translation>Läufe werden nicht aufgezeichnet: %1</translation>
    </message>
    <message>
        <source>Restore the recipe of last time</source>
        <translation>Das Rezept vom letzten Mal holen</translation>
    </message>
</context>
<context>
    <name>trilobit::Banner</name>
    <message>
        <source>Less</source>
        <translation>Weniger</translation>
    </message>
    <message>
        <source>More</source>
        <translation>Mehr</translation>
    </message>
    <message>
        <source>Whole notice</source>
        <translation>Ganzer Hinweis</translation>
    </message>
</context>
<context>
    <name>trilobit::BarsPlot</name>
    <message>
        <source>Error of each tensor</source>
        <translation>Fehler jedes Tensors</translation>
    </message>
</context>
<context>
    <name>trilobit::BitsView</name>
    <message>
        <source>Bytes of the block</source>
        <translation>Bytes des Blocks</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>tensor %1: %2</source>
        <translation>Tensor %1: %2</translation>
    </message>
    <message>
        <source>byte %1 of the block: %2 = %3</source>
        <translation>Byte %1 des Blocks: %2 = %3</translation>
    </message>
    <message>
        <source>byte %1 of the file</source>
        <translation>Byte %1 der Datei</translation>
    </message>
    <message>
        <source>belongs to other weights of the block</source>
        <translation>gehört zu anderen Gewichten des Blocks</translation>
    </message>
</context>
<context>
    <name>trilobit::BudgetPage</name>
    <message>
        <source>keep</source>
        <translation>behalten</translation>
    </message>
    <message>
        <source>Saved %1</source>
        <translation>%1 gespeichert</translation>
    </message>
    <message>
        <source>Plot not saved</source>
        <translation>Diagramm nicht gespeichert</translation>
    </message>
    <message>
        <source>Encodings to choose among</source>
        <translation>Kodierungen zur Auswahl</translation>
    </message>
    <message>
        <source>What stock llama.cpp runs</source>
        <translation>Was llama.cpp ausführt</translation>
    </message>
    <message>
        <source>All encodings</source>
        <translation>Alle Kodierungen</translation>
    </message>
    <message>
        <source>Other m&amp;ethods too</source>
        <translation>Auch andere M&amp;ethoden</translation>
    </message>
    <message>
        <source>Also tries HQQ and others wherever they fit: better, but measuring takes longer.</source>
        <translation>Versucht auch HQQ und andere, wo sie passen: besser, aber das Messen dauert länger.</translation>
    </message>
    <message>
        <source>What the solver makes small</source>
        <translation>Was der Löser klein macht</translation>
    </message>
    <message>
        <source>Relative error</source>
        <translation>Relativer Fehler</translation>
    </message>
    <message>
        <source>Absolute error</source>
        <translation>Absoluter Fehler</translation>
    </message>
    <message>
        <source>Relative: every weight&apos;s error counts in proportion to its tensor&apos;s weights.
Absolute: squared errors are added up as they are, so tensors with large weights get more bits.</source>
        <translation>Relativ: Der Fehler jedes Gewichts zählt im Verhältnis zu den Gewichten seines Tensors.
Absolut: Quadratische Fehler werden addiert, wie sie sind; Tensoren mit großen Gewichten bekommen mehr Bit.</translation>
    </message>
    <message>
        <source>Budget</source>
        <translation>Budget</translation>
    </message>
    <message>
        <source>Budget in bits per weight</source>
        <translation>Budget in Bit je Gewicht</translation>
    </message>
    <message>
        <source> bits/weight</source>
        <translation> Bit/Gewicht</translation>
    </message>
    <message>
        <source>Budget in megabytes</source>
        <translation>Budget in Megabyte</translation>
    </message>
    <message>
        <source> MB</source>
        <translation> MB</translation>
    </message>
    <message>
        <source>&amp;Apply as the recipe</source>
        <translation>Als Rezept &amp;übernehmen</translation>
    </message>
    <message>
        <source>One step that undo takes back. Quantize then measures the true error.</source>
        <translation>Ein Schritt, den Rückgängig zurücknimmt. Quantisieren misst dann den wahren Fehler.</translation>
    </message>
    <message>
        <source>Size and quality of everything tried</source>
        <translation>Größe und Güte von allem Versuchten</translation>
    </message>
    <message>
        <source>Locked tensors</source>
        <translation>Gesperrte Tensoren</translation>
    </message>
    <message>
        <source>The solver leaves these as they are.</source>
        <translation>Diese bleiben, wie sie sind.</translation>
    </message>
    <message>
        <source>&amp;Lock the selection</source>
        <translation>Auswahl &amp;sperren</translation>
    </message>
    <message>
        <source>The tensors selected on the left stay at what the recipe gives them now.</source>
        <translation>Die links gewählten Tensoren bleiben bei dem, was das Rezept ihnen jetzt gibt.</translation>
    </message>
    <message>
        <source>&amp;Unlock</source>
        <translation>&amp;Entsperren</translation>
    </message>
    <message>
        <source>Measure every encoding</source>
        <translation>Alle Kodierungen messen</translation>
    </message>
    <message>
        <source>The encodings could not be measured</source>
        <translation>Die Kodierungen konnten nicht gemessen werden</translation>
    </message>
    <message>
        <source>Solve the budget</source>
        <translation>Budget lösen</translation>
    </message>
    <message>
        <source>The budget cannot be solved</source>
        <translation>Das Budget lässt sich nicht lösen</translation>
    </message>
    <message>
        <source>Open a model, then let every encoding be tried on every tensor.</source>
        <translation>Öffnen Sie ein Modell und lassen Sie dann jede Kodierung an jedem Tensor versuchen.</translation>
    </message>
    <message>
        <source>Measuring: every encoding is tried on a sample of each tensor. You can go on working.</source>
        <translation>Es wird gemessen: jede Kodierung an einer Stichprobe jedes Tensors. Sie können weiterarbeiten.</translation>
    </message>
    <message>
        <source>First every encoding is tried on a sample of each tensor. Then the slider finds, for any size, the recipe with the least error.</source>
        <translation>Zuerst wird jede Kodierung an einer Stichprobe jedes Tensors versucht. Dann findet der Regler für jede Größe das Rezept mit dem kleinsten Fehler.</translation>
    </message>
    <message>
        <source>Move the slider: for every size the recipe of least measured error. The points are what was really quantized so far; choose one to have its recipe back.</source>
        <translation>Bewegen Sie den Regler: für jede Größe das Rezept mit dem kleinsten gemessenen Fehler. Die Punkte sind, was bisher wirklich quantisiert wurde; einer davon bringt sein Rezept zurück.</translation>
    </message>
    <message>
        <source>&amp;Stop</source>
        <translation>An&amp;halten</translation>
    </message>
    <message>
        <source>&amp;Measure again</source>
        <translation>Noch einmal &amp;messen</translation>
    </message>
    <message>
        <source>&amp;Measure every encoding</source>
        <translation>Alle Kodierungen &amp;messen</translation>
    </message>
    <message>
        <source>%1 × %2</source>
        <translation>%1 × %2</translation>
    </message>
    <message>
        <source>%1 kept</source>
        <translation>%1 behalten</translation>
    </message>
    <message>
        <source>&lt;b&gt;%1 · %2 bits per weight&lt;/b&gt; · SQNR ≈ %3&lt;br&gt;%4</source>
        <translation>&lt;b&gt;%1 · %2 Bit je Gewicht&lt;/b&gt; · SQNR ≈ %3&lt;br&gt;%4</translation>
    </message>
    <message>
        <source>Read the runs</source>
        <translation>Läufe lesen</translation>
    </message>
    <message>
        <source>run %1</source>
        <translation>Lauf %1</translation>
    </message>
    <message>
        <source>Nothing was quantized yet.
Measure every encoding to see what each size can reach.</source>
        <translation>Noch wurde nichts quantisiert.
Messen Sie alle Kodierungen, um zu sehen, was jede Größe erreichen kann.</translation>
    </message>
    <message>
        <source>Open a model first.</source>
        <translation>Öffnen Sie zuerst ein Modell.</translation>
    </message>
    <message>
        <source>bits per weight</source>
        <translation>Bit je Gewicht</translation>
    </message>
    <message>
        <source>best for the size (estimated)</source>
        <translation>das Beste für die Größe (geschätzt)</translation>
    </message>
    <message>
        <source>tried (measured)</source>
        <translation>versucht (gemessen)</translation>
    </message>
    <message>
        <source>Click to have this recipe back.</source>
        <translation>Ein Klick bringt dieses Rezept zurück.</translation>
    </message>
    <message>
        <source>the slider</source>
        <translation>der Regler</translation>
    </message>
    <message>
        <source>Recipe of %1</source>
        <translation>Rezept von %1</translation>
    </message>
    <message>
        <source>The recipe of %1 is back; undo removes it.</source>
        <translation>Das Rezept von %1 ist wieder da; Rückgängig entfernt es.</translation>
    </message>
    <message>
        <source>Budget of %1</source>
        <translation>Budget von %1</translation>
    </message>
    <message>
        <source>Applied. Quantize to measure it.</source>
        <translation>Übernommen. Quantisieren misst es.</translation>
    </message>
    <message>
        <source>None: the solver may change every tensor.</source>
        <translation>Keine: Der Löser darf jeden Tensor ändern.</translation>
    </message>
    <message>
        <source>SQNR, mean over all weights (dB)</source>
        <translation>SQNR, gemittelt über alle Gewichte (dB)</translation>
    </message>
</context>
<context>
    <name>trilobit::CalibrateDialog</name>
    <message>
        <source>Calibrate</source>
        <translation>Kalibrieren</translation>
    </message>
    <message>
        <source>The model reads a text, and Trilobit notes how strong each input channel of each matrix is. Quantizing then spends its precision where it counts. A text of the kind that the model will be used for serves best; some ten thousand tokens are enough.</source>
        <translation>Das Modell liest einen Text, und Trilobit hält fest, wie stark jeder Eingangskanal jeder Matrix ist. Beim Quantisieren kommt die Genauigkeit dann dorthin, wo sie zählt. Am besten eignet sich ein Text von der Art, für die das Modell gebraucht wird; gut zehntausend Token genügen.</translation>
    </message>
    <message>
        <source>all</source>
        <translation>alle</translation>
    </message>
    <message>
        <source>The text is cut into pieces of this length; the model reads each of them alone.</source>
        <translation>Der Text wird in Stücke dieser Länge geschnitten; das Modell liest jedes für sich.</translation>
    </message>
    <message>
        <source>Browse…</source>
        <translation>Durchsuchen…</translation>
    </message>
    <message>
        <source>Browse: %1</source>
        <translation>Durchsuchen: %1</translation>
    </message>
    <message>
        <source>Text to read</source>
        <translation>Text zum Lesen</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>Token</translation>
    </message>
    <message>
        <source>Tokens per piece</source>
        <translation>Token je Stück</translation>
    </message>
    <message>
        <source>Calibration file</source>
        <translation>Kalibrierungsdatei</translation>
    </message>
    <message>
        <source>A text for the model to read</source>
        <translation>Ein Text, den das Modell lesen soll</translation>
    </message>
    <message>
        <source>Texts (*.txt *.md *.raw);;All files (*)</source>
        <translation>Texte (*.txt *.md *.raw);;Alle Dateien (*)</translation>
    </message>
    <message>
        <source>Calibrations (*.gguf)</source>
        <translation>Kalibrierungen (*.gguf)</translation>
    </message>
    <message>
        <source>Choose a text file.</source>
        <translation>Wählen Sie eine Textdatei.</translation>
    </message>
    <message>
        <source>The text %1 cannot be read.</source>
        <translation>Der Text %1 lässt sich nicht lesen.</translation>
    </message>
    <message>
        <source>Give the file a name.</source>
        <translation>Geben Sie der Datei einen Namen.</translation>
    </message>
    <message>
        <source>The folder %1 does not exist.</source>
        <translation>Den Ordner %1 gibt es nicht.</translation>
    </message>
    <message>
        <source>This is the model that is open; choose another name.</source>
        <translation>Dies ist das geöffnete Modell; wählen Sie einen anderen Namen.</translation>
    </message>
    <message>
        <source>A file of this name exists and will be replaced once the new one is complete.</source>
        <translation>Eine Datei dieses Namens gibt es schon; sie wird ersetzt, sobald die neue vollständig ist.</translation>
    </message>
</context>
<context>
    <name>trilobit::CandidateModel</name>
    <message>
        <source>token %1</source>
        <translation>Token %1</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
    <message>
        <source>Token</source>
        <translation>Token</translation>
    </message>
    <message>
        <source>Probability</source>
        <translation>Wahrscheinlichkeit</translation>
    </message>
</context>
<context>
    <name>trilobit::ChatPage</name>
    <message>
        <source>original model</source>
        <translation>ursprüngliches Modell</translation>
    </message>
    <message>
        <source>quantized model</source>
        <translation>quantisiertes Modell</translation>
    </message>
    <message>
        <source>The conversation is not saved</source>
        <translation>Das Gespräch wird nicht gespeichert</translation>
    </message>
    <message>
        <source>Quantize</source>
        <translation>Quantisieren</translation>
    </message>
    <message>
        <source>Original</source>
        <translation>Original</translation>
    </message>
    <message>
        <source>Quantized</source>
        <translation>Quantisiert</translation>
    </message>
    <message>
        <source>Prompt for every pane</source>
        <translation>Prompt für alle Felder</translation>
    </message>
    <message>
        <source>Enter sends, Shift + Enter starts a new line.</source>
        <translation>Eingabe sendet, Umschalt + Eingabe beginnt eine neue Zeile.</translation>
    </message>
    <message>
        <source>&amp;Send</source>
        <translation>&amp;Senden</translation>
    </message>
    <message>
        <source>Sends the prompt to every pane (Enter)</source>
        <translation>Sendet den Prompt an alle Felder (Eingabe)</translation>
    </message>
    <message>
        <source>St&amp;op</source>
        <translation>A&amp;nhalten</translation>
    </message>
    <message>
        <source>Stops the answers; what was said stays (Esc)</source>
        <translation>Hält die Antworten an; was gesagt ist, bleibt (Esc)</translation>
    </message>
    <message>
        <source>Se&amp;ttings</source>
        <translation>Ein&amp;stellungen</translation>
    </message>
    <message>
        <source>Sampling and system prompt</source>
        <translation>Auswahl der Token und Systemprompt</translation>
    </message>
    <message>
        <source>Ear&amp;lier…</source>
        <translation>&amp;Frühere…</translation>
    </message>
    <message>
        <source>Conversations are saved while they grow; this opens an earlier one.</source>
        <translation>Gespräche werden gespeichert, während sie wachsen; dies öffnet ein früheres.</translation>
    </message>
    <message>
        <source>&amp;New conversation</source>
        <translation>&amp;Neues Gespräch</translation>
    </message>
    <message>
        <source>Forgets this conversation in every pane; its file stays.</source>
        <translation>Vergisst dieses Gespräch in allen Feldern; seine Datei bleibt.</translation>
    </message>
    <message>
        <source>&amp;Add a model…</source>
        <translation>Modell &amp;hinzufügen…</translation>
    </message>
    <message>
        <source>Opens another model file in a pane of its own and asks it the same.</source>
        <translation>Öffnet eine weitere Modelldatei in einem eigenen Feld und fragt sie dasselbe.</translation>
    </message>
    <message>
        <source>Another model was opened: a new conversation starts here.</source>
        <translation>Ein anderes Modell wurde geöffnet: Hier beginnt ein neues Gespräch.</translation>
    </message>
    <message>
        <source>The quantized model changed: a new conversation starts here.</source>
        <translation>Das quantisierte Modell hat sich geändert: Hier beginnt ein neues Gespräch.</translation>
    </message>
    <message>
        <source>This demo model is untrained: its weights are random numbers, so both panes will answer with noise. Open a trained model (Ctrl+O) for a real conversation.</source>
        <translation>Dieses Vorführmodell ist nicht trainiert: Seine Gewichte sind Zufallszahlen, beide Felder antworten mit Rauschen. Öffnen Sie ein trainiertes Modell (Strg+O) für ein wirkliches Gespräch.</translation>
    </message>
    <message>
        <source>Add a model to the chat</source>
        <translation>Ein Modell zum Chat hinzufügen</translation>
    </message>
    <message>
        <source>Models (*.gguf *.safetensors config.json);;All files (*)</source>
        <translation>Modelle (*.gguf *.safetensors config.json);;Alle Dateien (*)</translation>
    </message>
    <message>
        <source>There is room for %1 panes; take one away first.</source>
        <translation>Es ist Platz für %1 Felder; nehmen Sie zuerst eines weg.</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>Opening…</source>
        <translation>Wird geöffnet…</translation>
    </message>
    <message>
        <source>Open %1</source>
        <translation>%1 öffnen</translation>
    </message>
    <message>
        <source>This model cannot chat: it has no tokenizer. %1</source>
        <translation>Dieses Modell kann nicht chatten: Es hat keinen Tokenizer. %1</translation>
    </message>
    <message>
        <source>Fingerprint of the %1 model</source>
        <translation>Fingerabdruck: %1</translation>
    </message>
    <message>
        <source>Quantized model: %1</source>
        <translation>Quantisiertes Modell: %1</translation>
    </message>
    <message>
        <source>The recipe has changed since this model was made. Quantize again to hear the present one.</source>
        <translation>Das Rezept hat sich geändert, seit dieses Modell entstand. Quantisieren Sie noch einmal, um das jetzige zu hören.</translation>
    </message>
    <message>
        <source>No model is open</source>
        <translation>Kein Modell ist offen</translation>
    </message>
    <message>
        <source>Open a model to talk to it.</source>
        <translation>Öffnen Sie ein Modell, um mit ihm zu sprechen.</translation>
    </message>
    <message>
        <source>No quantized model yet</source>
        <translation>Noch kein quantisiertes Modell</translation>
    </message>
    <message>
        <source>It is being made; it appears here when it is done.</source>
        <translation>Es entsteht gerade; wenn es fertig ist, erscheint es hier.</translation>
    </message>
    <message>
        <source>The recipe asks for something that is not possible; the Tensors view says what.</source>
        <translation>Das Rezept verlangt etwas, das nicht geht; die Ansicht Tensoren sagt, was.</translation>
    </message>
    <message>
        <source>Press Quantize to make it from your recipe. Prompts go to the original until then.</source>
        <translation>Drücken Sie Quantisieren, um es aus Ihrem Rezept zu machen. Bis dahin gehen Prompts an das Original.</translation>
    </message>
    <message>
        <source>Choose a method and an encoding for some layers in the Tensors view, then press Quantize. Prompts go to the original until then.</source>
        <translation>Wählen Sie in der Ansicht Tensoren eine Methode und eine Kodierung für einige Schichten und drücken Sie Quantisieren. Bis dahin gehen Prompts an das Original.</translation>
    </message>
    <message>
        <source>Ask every pane the same. Enter sends, Shift + Enter starts a new line.</source>
        <translation>Fragen Sie alle Felder dasselbe. Eingabe sendet, Umschalt + Eingabe beginnt eine neue Zeile.</translation>
    </message>
    <message>
        <source>Open a model with a tokenizer to chat.</source>
        <translation>Öffnen Sie zum Chatten ein Modell mit Tokenizer.</translation>
    </message>
    <message>
        <source>reading the prompt…</source>
        <translation>liest den Prompt…</translation>
    </message>
    <message>
        <source>writing… %1</source>
        <translation>schreibt… %1</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>%1: all</source>
        <translation>%1: alle</translation>
    </message>
    <message>
        <source>The answers differ from the first token on</source>
        <translation>Die Antworten unterscheiden sich vom ersten Token an</translation>
    </message>
    <message>
        <source>The first token is the same, then the answers part</source>
        <translation>Das erste Token ist gleich, dann trennen sich die Antworten</translation>
    </message>
    <message>
        <source>The first %1 tokens are the same, then the answers part</source>
        <translation>Die ersten %1 Token sind gleich, dann trennen sich die Antworten</translation>
    </message>
    <message>
        <source>The answers are the same</source>
        <translation>Die Antworten sind gleich</translation>
    </message>
    <message>
        <source>The same as the original so far: %1</source>
        <translation>Bisher gleich wie das Original: %1</translation>
    </message>
    <message>
        <source>Saved with %1. It goes on with the model of this pane.</source>
        <translation>Gespeichert mit %1. Es geht mit dem Modell dieses Feldes weiter.</translation>
    </message>
    <message>
        <source>&amp;Last prompt</source>
        <translation>&amp;Letzte Eingabe</translation>
    </message>
    <message>
        <source>Ask it again, change it, see what the models were given, export the conversation</source>
        <translation>Noch einmal fragen, ändern, ansehen, was die Modelle bekamen, das Gespräch ausgeben</translation>
    </message>
    <message>
        <source>Ask it &amp;again</source>
        <translation>&amp;Noch einmal fragen</translation>
    </message>
    <message>
        <source>Ctrl+R</source>
        <translation>Ctrl+R</translation>
    </message>
    <message>
        <source>With the settings as they are now; the earlier answers go</source>
        <translation>Mit den jetzigen Einstellungen; die früheren Antworten verschwinden</translation>
    </message>
    <message>
        <source>&amp;Change it</source>
        <translation>&amp;Ändern</translation>
    </message>
    <message>
        <source>Ctrl+Up</source>
        <translation>Ctrl+Up</translation>
    </message>
    <message>
        <source>What the models were &amp;given…</source>
        <translation>Was die Modelle &amp;bekamen…</translation>
    </message>
    <message>
        <source>&amp;Export the conversation…</source>
        <translation>Gespräch &amp;ausgeben…</translation>
    </message>
    <message>
        <source>%1, made by the model&apos;s own chat template</source>
        <translation>%1, aus der eigenen Chat-Vorlage des Modells</translation>
    </message>
    <message>
        <source>%1, without a template: %2</source>
        <translation>%1, ohne Vorlage: %2</translation>
    </message>
    <message>
        <source>Export the conversation</source>
        <translation>Gespräch ausgeben</translation>
    </message>
    <message>
        <source>Text (*.md);;Everything that happened, line by line (*.jsonl)</source>
        <translation>Text (*.md);;Alles, was geschah, Zeile für Zeile (*.jsonl)</translation>
    </message>
    <message>
        <source>Exported to %1</source>
        <translation>Ausgegeben nach %1</translation>
    </message>
    <message>
        <source>Cannot export the conversation</source>
        <translation>Das Gespräch kann nicht ausgegeben werden</translation>
    </message>
    <message>
        <source>reading along… %1</source>
        <translation>liest mit… %1</translation>
    </message>
    <message>
        <source>The other model</source>
        <translation>Das andere Modell</translation>
    </message>
    <message>
        <source>%1: go on with %2</source>
        <translation>%1: weiter mit %2</translation>
    </message>
    <message>
        <source>The original says what %1 would have said here, and goes on from there; the others read along.</source>
        <translation>Das Original sagt, was „%1“ hier gesagt hätte, und fährt von dort fort; die anderen lesen mit.</translation>
    </message>
    <message>
        <source>%1 says what %2 said at the first difference, and goes on from there.</source>
        <translation>„%1“ sagt, was „%2“ beim ersten Unterschied sagte, und fährt von dort fort.</translation>
    </message>
    <message>
        <source>%1 would have begun with another word</source>
        <translation>„%1“ hätte mit einem anderen Wort begonnen</translation>
    </message>
    <message>
        <source>%1 would have said the same for %2, then something else</source>
        <translation>„%1“ hätte %2 lang dasselbe gesagt, dann etwas anderes</translation>
    </message>
    <message>
        <source>%1 would have said the same so far</source>
        <translation>„%1“ hätte bisher dasselbe gesagt</translation>
    </message>
    <message>
        <source>%1 would have said the same</source>
        <translation>„%1“ hätte dasselbe gesagt</translation>
    </message>
    <message>
        <source>Nobody reads along: that takes a second model with the same vocabulary. Quantize this one, or add one.</source>
        <translation>Niemand liest mit: Dazu braucht es ein zweites Modell mit demselben Vokabular. Quantisieren Sie dieses, oder fügen Sie eines hinzu.</translation>
    </message>
    <message>
        <source>Same &amp;words</source>
        <translation>&amp;Gleiche Wörter</translation>
    </message>
    <message>
        <source>From the next prompt on, only the original answers. The others read its words as they come and show what they would have said in each place; colour shows how far apart the models are. Ask the last prompt again with Ctrl+R.</source>
        <translation>Vom nächsten Prompt an antwortet nur das Original. Die anderen lesen seine Wörter mit, während sie entstehen, und zeigen, was sie an jeder Stelle gesagt hätten; die Farbe zeigt, wie weit die Modelle auseinanderliegen. Strg+R stellt den letzten Prompt noch einmal.</translation>
    </message>
    <message>
        <source>Would have said, given the original&apos;s words</source>
        <translation>Hätte nach den Wörtern des Originals gesagt</translation>
    </message>
    <message>
        <source> · while others read along</source>
        <translation> · während andere mitlesen</translation>
    </message>
</context>
<context>
    <name>trilobit::ChatPane</name>
    <message>
        <source>encodings</source>
        <translation>Kodierungen</translation>
    </message>
    <message>
        <source>How the weights are stored, by share of the weights.</source>
        <translation>Wie die Gewichte gespeichert sind, nach Anteil der Gewichte.</translation>
    </message>
    <message>
        <source>bits/weight</source>
        <translation>Bit/Gewicht</translation>
    </message>
    <message>
        <source>Bytes of all tensors × 8 / number of weights.</source>
        <translation>Bytes aller Tensoren × 8 / Zahl der Gewichte.</translation>
    </message>
    <message>
        <source>memory</source>
        <translation>Speicher</translation>
    </message>
    <message>
        <source>path</source>
        <translation>Pfad</translation>
    </message>
    <message>
        <source>weights</source>
        <translation>Gewichte</translation>
    </message>
    <message>
        <source>Conversation with the %1 model</source>
        <translation>Gespräch mit: %1</translation>
    </message>
    <message>
        <source>Takes this pane away; the model&apos;s file stays.</source>
        <translation>Nimmt dieses Feld weg; die Datei des Modells bleibt.</translation>
    </message>
    <message>
        <source>Take the pane %1 away</source>
        <translation>Feld %1 wegnehmen</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>How the weights are stored, by share of the weights: %1</source>
        <translation>Wie die Gewichte gespeichert sind, nach Anteil der Gewichte: %1</translation>
    </message>
    <message>
        <source>The weights; the engine is not made yet.</source>
        <translation>Die Gewichte; die Rechenmaschine ist noch nicht aufgebaut.</translation>
    </message>
    <message>
        <source>SHA-256 over all tensors and the configuration of what runs in this pane:
%1</source>
        <translation>SHA-256 über alle Tensoren und die Konfiguration dessen, was in diesem Feld läuft:
%1</translation>
    </message>
    <message>
        <source>%1 weights in the file, %2 held by the engine, %3 KV cache for %4 tokens</source>
        <translation>%1 Gewichte in der Datei, %2 in der Rechenmaschine, %3 KV-Cache für %4 Token</translation>
    </message>
    <message>
        <source>fast: %1</source>
        <translation>schnell: %1</translation>
    </message>
    <message>
        <source>exact: %1</source>
        <translation>genau: %1</translation>
    </message>
    <message>
        <source>What the matrix products see as activations: %1. Settings, Arithmetic changes it. %2 threads, context of %3 tokens.

Kernels:
%4</source>
        <translation>Was die Matrixprodukte als Aktivierungen sehen: %1. Einstellungen, Rechenweise ändert es. %2 Threads, Kontext von %3 Token.

Kernel:
%4</translation>
    </message>
</context>
<context>
    <name>trilobit::ChoiceDelegate</name>
    <message>
        <source>Method</source>
        <translation>Methode</translation>
    </message>
    <message>
        <source>Encoding</source>
        <translation>Kodierung</translation>
    </message>
    <message>
        <source>mixed</source>
        <translation>gemischt</translation>
    </message>
    <message>
        <source>keep</source>
        <translation>behalten</translation>
    </message>
    <message>
        <source>Falls back to a wider encoding: %1</source>
        <translation>Fällt auf eine breitere Kodierung zurück: %1</translation>
    </message>
</context>
<context>
    <name>trilobit::ChoiceDialog</name>
    <message>
        <source>Set method and encoding</source>
        <translation>Methode und Kodierung setzen</translation>
    </message>
    <message>
        <source>%1 tensors</source>
        <translation>%1 Tensoren</translation>
    </message>
    <message>
        <source>Apply</source>
        <translation>Anwenden</translation>
    </message>
</context>
<context>
    <name>trilobit::ChoiceEditor</name>
    <message>
        <source>Method</source>
        <translation>Methode</translation>
    </message>
    <message>
        <source>How the values are chosen</source>
        <translation>Wie die Werte gewählt werden</translation>
    </message>
    <message>
        <source>several</source>
        <translation>mehrere</translation>
    </message>
    <message>
        <source>Encoding</source>
        <translation>Kodierung</translation>
    </message>
    <message>
        <source>How the values are stored</source>
        <translation>Wie die Werte gespeichert werden</translation>
    </message>
    <message>
        <source>Group size</source>
        <translation>Gruppengröße</translation>
    </message>
    <message>
        <source>Weights that share a scale and a zero point. Smaller groups follow the weights more closely and need more bits.</source>
        <translation>Gewichte, die sich Skala und Nullpunkt teilen. Kleinere Gruppen folgen den Gewichten genauer und brauchen mehr Bit.</translation>
    </message>
    <message>
        <source>Bits per code</source>
        <translation>Bit je Code</translation>
    </message>
    <message>
        <source>&amp;Method</source>
        <translation>&amp;Methode</translation>
    </message>
    <message>
        <source>&amp;Encoding</source>
        <translation>&amp;Kodierung</translation>
    </message>
    <message>
        <source>&amp;Group size</source>
        <translation>&amp;Gruppengröße</translation>
    </message>
    <message>
        <source>&amp;Bits per code</source>
        <translation>&amp;Bit je Code</translation>
    </message>
    <message>
        <source>Keep as it is</source>
        <translation>So lassen</translation>
    </message>
    <message>
        <source>%1  (%2 bits)</source>
        <translation>%1  (%2 Bit)</translation>
    </message>
    <message>
        <source>%1
%2</source>
        <translation>%1
%2</translation>
    </message>
    <message>
        <source>Affine groups…</source>
        <translation>Affine Gruppen…</translation>
    </message>
    <message>
        <source>Falls back to a wider encoding: %1</source>
        <translation>Fällt auf eine breitere Kodierung zurück: %1</translation>
    </message>
</context>
<context>
    <name>trilobit::CommandPalette</name>
    <message>
        <source>Command palette</source>
        <translation>Befehlsliste</translation>
    </message>
    <message>
        <source>Search commands</source>
        <translation>Befehle suchen</translation>
    </message>
    <message>
        <source>Type a command</source>
        <translation>Befehl eingeben</translation>
    </message>
    <message>
        <source>Commands</source>
        <translation>Befehle</translation>
    </message>
</context>
<context>
    <name>trilobit::ComparePage</name>
    <message>
        <source>Text that both models read</source>
        <translation>Text, den beide Modelle lesen</translation>
    </message>
    <message>
        <source>A text that both models read: a paragraph, a prompt, an answer you want to check.</source>
        <translation>Ein Text, den beide Modelle lesen: ein Absatz, ein Prompt, eine Antwort, die Sie prüfen wollen.</translation>
    </message>
    <message>
        <source>Way to compare</source>
        <translation>Art des Vergleichs</translation>
    </message>
    <message>
        <source>Read this text</source>
        <translation>Diesen Text lesen</translation>
    </message>
    <message>
        <source>Go on in lock step</source>
        <translation>Im Gleichschritt weiter</translation>
    </message>
    <message>
        <source>Read: both predict every token of the text.
Lock step: both then follow the original&apos;s own choices.</source>
        <translation>Lesen: Beide sagen jedes Token des Textes voraus.
Gleichschritt: Danach folgen beide der Wahl des Originals.</translation>
    </message>
    <message>
        <source>Tokens to write</source>
        <translation>Zu schreibende Token</translation>
    </message>
    <message>
        <source> tokens</source>
        <translation> Token</translation>
    </message>
    <message>
        <source>&amp;Compare</source>
        <translation>&amp;Vergleichen</translation>
    </message>
    <message>
        <source>S&amp;top</source>
        <translation>An&amp;halten</translation>
    </message>
    <message>
        <source>mean KL</source>
        <translation>mittlere KL</translation>
    </message>
    <message>
        <source>How much the quantized model&apos;s predictions differ from the original&apos;s, in nats per token. 0: the same; 0.01: hardly to be noticed; above 0.5: another text.</source>
        <translation>Wie sehr sich die Vorhersagen des quantisierten Modells von denen des Originals unterscheiden, in Nat je Token. 0: gleich; 0,01: kaum zu merken; über 0,5: ein anderer Text.</translation>
    </message>
    <message>
        <source>same best token</source>
        <translation>gleiches bestes Token</translation>
    </message>
    <message>
        <source>Share of places where both would say the same next.</source>
        <translation>Anteil der Stellen, an denen beide dasselbe als Nächstes sagen würden.</translation>
    </message>
    <message>
        <source>perplexity, original</source>
        <translation>Perplexität, Original</translation>
    </message>
    <message>
        <source>How surprised the model is by the text; lower is better.</source>
        <translation>Wie überrascht das Modell von dem Text ist; kleiner ist besser.</translation>
    </message>
    <message>
        <source>quantized</source>
        <translation>quantisiert</translation>
    </message>
    <message>
        <source>How surprised the quantized model is by the same text.</source>
        <translation>Wie überrascht das quantisierte Modell von demselben Text ist.</translation>
    </message>
    <message>
        <source>first divergence</source>
        <translation>erste Abweichung</translation>
    </message>
    <message>
        <source>The first token before which the best candidates differ.</source>
        <translation>Das erste Token, vor dem die besten Kandidaten verschieden sind.</translation>
    </message>
    <message>
        <source>Tokens, coloured by divergence</source>
        <translation>Token, gefärbt nach Abweichung</translation>
    </message>
    <message>
        <source>&amp;First divergence</source>
        <translation>&amp;Erste Abweichung</translation>
    </message>
    <message>
        <source>&amp;Largest KL</source>
        <translation>&amp;Größte KL</translation>
    </message>
    <message>
        <source>&amp;Go on from the other&apos;s token</source>
        <translation>&amp;Weiter mit dem Token des anderen</translation>
    </message>
    <message>
        <source>Takes the text up to here, puts what the quantized model would have said, and goes on in lock step.</source>
        <translation>Nimmt den Text bis hierher, setzt, was das quantisierte Modell gesagt hätte, und fährt im Gleichschritt fort.</translation>
    </message>
    <message>
        <source>Best candidates: %1</source>
        <translation>Beste Kandidaten: %1</translation>
    </message>
    <message>
        <source>The original would say</source>
        <translation>Das Original würde sagen</translation>
    </message>
    <message>
        <source>The quantized model would say</source>
        <translation>Das quantisierte Modell würde sagen</translation>
    </message>
    <message>
        <source>Compare token by token</source>
        <translation>Token für Token vergleichen</translation>
    </message>
    <message>
        <source>%1 (%2 %)</source>
        <translation>%1 (%2 %)</translation>
    </message>
    <message>
        <source>KL %1
original: %2
quantized: %3</source>
        <translation>KL %1
Original: %2
quantisiert: %3</translation>
    </message>
    <message>
        <source>Move the caret to a token to see what each model would have said there.</source>
        <translation>Setzen Sie die Schreibmarke auf ein Token, um zu sehen, was jedes Modell dort gesagt hätte.</translation>
    </message>
    <message>
        <source>Token %1, %2: the first one, nothing predicts it.</source>
        <translation>Token %1, %2: das erste, nichts sagt es voraus.</translation>
    </message>
    <message>
        <source>Token %1, %2: KL %3 nats · the original gives it %4 %, the quantized model %5 %</source>
        <translation>Token %1, %2: KL %3 Nat · das Original gibt ihm %4 %, das quantisierte Modell %5 %</translation>
    </message>
    <message>
        <source>comparing…</source>
        <translation>wird verglichen…</translation>
    </message>
    <message>
        <source>Open a model first.</source>
        <translation>Öffnen Sie zuerst ein Modell.</translation>
    </message>
    <message>
        <source>This model has no tokenizer.</source>
        <translation>Dieses Modell hat keinen Tokenizer.</translation>
    </message>
    <message>
        <source>Quantize it first: there is nothing to compare with yet.</source>
        <translation>Quantisieren Sie es zuerst: Noch gibt es nichts zu vergleichen.</translation>
    </message>
    <message>
        <source>The recipe changed since quantizing.</source>
        <translation>Das Rezept hat sich seit dem Quantisieren geändert.</translation>
    </message>
    <message>
        <source>%1 nats</source>
        <translation>%1 Nat</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
    <message>
        <source>none</source>
        <translation>keine</translation>
    </message>
    <message>
        <source>token %1</source>
        <translation>Token %1</translation>
    </message>
    <message>
        <source>underlined: the best tokens differ</source>
        <translation>unterstrichen: die besten Token sind verschieden</translation>
    </message>
</context>
<context>
    <name>trilobit::ConversationKeeper</name>
    <message>
        <source>Look for earlier conversations</source>
        <translation>Frühere Gespräche suchen</translation>
    </message>
</context>
<context>
    <name>trilobit::CurvePlot</name>
    <message>
        <source>%1 %2</source>
        <translation>%1 %2</translation>
    </message>
    <message>
        <source>%1: &lt;b&gt;%2&lt;/b&gt; at step %3</source>
        <translation>%1: &lt;b&gt;%2&lt;/b&gt; bei Schritt %3</translation>
    </message>
</context>
<context>
    <name>trilobit::DownloadDialog</name>
    <message>
        <source>Browse…</source>
        <translation>Durchsuchen…</translation>
    </message>
    <message>
        <source>&amp;List files</source>
        <translation>Dateien &amp;auflisten</translation>
    </message>
    <message>
        <source>Download a model</source>
        <translation>Ein Modell herunterladen</translation>
    </message>
    <message>
        <source>ORGANISATION/NAME, as in the address of the page</source>
        <translation>ORGANISATION/NAME, wie in der Adresse der Seite</translation>
    </message>
    <message>
        <source>The server to ask: Hugging Face itself when empty, or a mirror that has the same paths.</source>
        <translation>Der Server, der gefragt wird: leer Hugging Face selbst, sonst ein Spiegel mit denselben Pfaden.</translation>
    </message>
    <message>
        <source>only for repositories that want one</source>
        <translation>nur für Repositorien, die eins verlangen</translation>
    </message>
    <message>
        <source>A file that holds nothing but your access token. It is sent to this server alone and written down nowhere.</source>
        <translation>Eine Datei, die nur Ihr Zugangstoken enthält. Es geht allein an diesen Server und wird nirgends aufgeschrieben.</translation>
    </message>
    <message>
        <source>Files of the repository</source>
        <translation>Dateien des Repositoriums</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>This is the one part of Trilobit that uses the network, and only when you press a button here.</source>
        <translation>Nur dieser Teil von Trilobit benutzt das Netz, und nur, wenn Sie hier einen Knopf drücken.</translation>
    </message>
    <message>
        <source>Browse for the token file</source>
        <translation>Nach der Tokendatei suchen</translation>
    </message>
    <message>
        <source>Browse for the folder</source>
        <translation>Nach dem Ordner suchen</translation>
    </message>
    <message>
        <source>Token file</source>
        <translation>Tokendatei</translation>
    </message>
    <message>
        <source>Folder for the model</source>
        <translation>Ordner für das Modell</translation>
    </message>
    <message>
        <source>&amp;Repository</source>
        <translation>&amp;Repositorium</translation>
    </message>
    <message>
        <source>&amp;Server</source>
        <translation>&amp;Server</translation>
    </message>
    <message>
        <source>Access &amp;token</source>
        <translation>Zugangs&amp;token</translation>
    </message>
    <message>
        <source>&amp;Download</source>
        <translation>&amp;Herunterladen</translation>
    </message>
    <message>
        <source>&amp;Into folder</source>
        <translation>&amp;In den Ordner</translation>
    </message>
    <message>
        <source>List the files of %1</source>
        <translation>Dateien von %1 auflisten</translation>
    </message>
    <message>
        <source>asking for the files of %1…</source>
        <translation>frage nach den Dateien von %1…</translation>
    </message>
    <message>
        <source>Name a repository, then list its files.</source>
        <translation>Nennen Sie ein Repositorium und lassen Sie seine Dateien auflisten.</translation>
    </message>
    <message>
        <source>List its files, then choose.</source>
        <translation>Lassen Sie seine Dateien auflisten und wählen Sie dann.</translation>
    </message>
    <message>
        <source>Tick what you want. A GGUF file is a whole model; of safetensors all parts are needed, with config.json and the tokenizer.</source>
        <translation>Haken Sie an, was Sie möchten. Eine GGUF-Datei ist ein ganzes Modell; von safetensors braucht es alle Teile mit config.json und dem Tokenizer.</translation>
    </message>
    <message>
        <source>Name a folder to write to.</source>
        <translation>Nennen Sie einen Ordner, in den geschrieben wird.</translation>
    </message>
    <message>
        <source>The disk has %1 free; %2 are needed.</source>
        <translation>Auf dem Datenträger sind %1 frei; gebraucht werden %2.</translation>
    </message>
    <message numerus="yes">
        <source>%n file(s), %1. What has arrived already is not fetched again.</source>
        <translation>
            <numerusform>%n Datei, %1. Was schon angekommen ist, wird nicht noch einmal geholt.</numerusform>
            <numerusform>%n Dateien, %1. Was schon angekommen ist, wird nicht noch einmal geholt.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>trilobit::EarlierDialog</name>
    <message>
        <source>Earlier conversations</source>
        <translation>Frühere Gespräche</translation>
    </message>
    <message>
        <source>Words to look for</source>
        <translation>Gesuchte Wörter</translation>
    </message>
    <message>
        <source>Find by words that were said</source>
        <translation>Nach gesagten Wörtern suchen</translation>
    </message>
    <message>
        <source>Conversations, the newest first</source>
        <translation>Gespräche, das neueste zuerst</translation>
    </message>
    <message>
        <source>looking…</source>
        <translation>suche…</translation>
    </message>
    <message>
        <source>%1
%2, %3</source>
        <translation>%1
%2, %3</translation>
    </message>
    <message>
        <source>There are none yet. Conversations are saved while they grow.</source>
        <translation>Es gibt noch keine. Gespräche werden gesichert, während sie entstehen.</translation>
    </message>
    <message>
        <source>None of %1 has these words.</source>
        <translation>In keinem von %1 kommen diese Wörter vor.</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 von %2</translation>
    </message>
</context>
<context>
    <name>trilobit::ErrorPage</name>
    <message>
        <source>Saved %1</source>
        <translation>%1 gespeichert</translation>
    </message>
    <message>
        <source>Plot not saved</source>
        <translation>Diagramm nicht gespeichert</translation>
    </message>
    <message>
        <source>Error measure</source>
        <translation>Fehlermaß</translation>
    </message>
    <message>
        <source>SQNR (dB)</source>
        <translation>SQNR (dB)</translation>
    </message>
    <message>
        <source>Relative squared error</source>
        <translation>Relativer quadratischer Fehler</translation>
    </message>
    <message>
        <source>RMSE</source>
        <translation>RMSE</translation>
    </message>
    <message>
        <source>SQNR: 10·log10(Σw² / Σe²), about 6 dB per bit.
Relative squared error: Σe² / Σw².
RMSE: root of the mean squared error, in units of the weights.</source>
        <translation>SQNR: 10·log10(Σw² / Σe²), etwa 6 dB je Bit.
Relativer quadratischer Fehler: Σe² / Σw².
RMSE: Wurzel des mittleren quadratischen Fehlers, in Einheiten der Gewichte.</translation>
    </message>
    <message>
        <source>Grouping</source>
        <translation>Gruppierung</translation>
    </message>
    <message>
        <source>By layer</source>
        <translation>Nach Schicht</translation>
    </message>
    <message>
        <source>By role</source>
        <translation>Nach Rolle</translation>
    </message>
    <message>
        <source>&amp;Log scale</source>
        <translation>&amp;Logarithmisch</translation>
    </message>
    <message>
        <source>For squared error and RMSE; decibels are logarithmic already.</source>
        <translation>Für quadratischen Fehler und RMSE; Dezibel sind schon logarithmisch.</translation>
    </message>
    <message>
        <source>Open a model to see what quantization costs each tensor.</source>
        <translation>Öffnen Sie ein Modell, um zu sehen, was das Quantisieren jeden Tensor kostet.</translation>
    </message>
    <message>
        <source>The chosen method or encoding cannot be used: see above.</source>
        <translation>Die gewählte Methode oder Kodierung geht nicht: siehe oben.</translation>
    </message>
    <message>
        <source>Nothing is set to be quantized.
Choose a method and an encoding for some tensors first.</source>
        <translation>Nichts ist zum Quantisieren gewählt.
Wählen Sie zuerst eine Methode und eine Kodierung für einige Tensoren.</translation>
    </message>
    <message>
        <source>Measuring…</source>
        <translation>Wird gemessen…</translation>
    </message>
    <message>
        <source>%1 tensors are set to be quantized.
Press “Measure now” for a quick estimate, or Quantize for exact numbers.</source>
        <translation>%1 Tensoren sollen quantisiert werden.
„Jetzt messen“ gibt eine schnelle Schätzung, Quantisieren genaue Zahlen.</translation>
    </message>
    <message>
        <source>%1 tensors cannot be quantized as chosen: %2</source>
        <translation>%1 Tensoren lassen sich nicht wie gewählt quantisieren: %2</translation>
    </message>
    <message>
        <source>%1 chosen tensors are not measured yet.</source>
        <translation>%1 gewählte Tensoren sind noch nicht gemessen.</translation>
    </message>
    <message>
        <source>%1 tensors are kept as they are and have no error.</source>
        <translation>%1 Tensoren bleiben, wie sie sind, und haben keinen Fehler.</translation>
    </message>
    <message>
        <source>&amp;Stop measuring</source>
        <translation>Messen an&amp;halten</translation>
    </message>
    <message>
        <source>&amp;Measure now</source>
        <translation>Jetzt &amp;messen</translation>
    </message>
    <message>
        <source>What is measured already stays.</source>
        <translation>Was schon gemessen ist, bleibt.</translation>
    </message>
    <message>
        <source>Tries the choice on up to %1 rows of each tensor, without quantizing the model.</source>
        <translation>Versucht die Wahl an bis zu %1 Zeilen jedes Tensors, ohne das Modell zu quantisieren.</translation>
    </message>
    <message>
        <source>Measure the error</source>
        <translation>Fehler messen</translation>
    </message>
    <message>
        <source>The error could not be measured</source>
        <translation>Der Fehler konnte nicht gemessen werden</translation>
    </message>
</context>
<context>
    <name>trilobit::ExperimentsModel</name>
    <message>
        <source>Run</source>
        <translation>Lauf</translation>
    </message>
    <message>
        <source>Number of the run in the store</source>
        <translation>Nummer des Laufs im Speicher</translation>
    </message>
    <message>
        <source>Started</source>
        <translation>Begonnen</translation>
    </message>
    <message>
        <source>Local time</source>
        <translation>Ortszeit</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>Art</translation>
    </message>
    <message>
        <source>What was done</source>
        <translation>Was getan wurde</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>Stand</translation>
    </message>
    <message>
        <source>done, failed, cancelled, running, or lost when the program ended meanwhile</source>
        <translation>fertig, gescheitert, abgebrochen, laufend oder verloren, als das Programm währenddessen endete</translation>
    </message>
    <message>
        <source>Recipe</source>
        <translation>Rezept</translation>
    </message>
    <message>
        <source>Name, or the start of its hash: the same hash means the same rules</source>
        <translation>Name oder Anfang der Prüfsumme: gleiche Prüfsumme heißt gleiche Regeln</translation>
    </message>
    <message>
        <source>Bits/w</source>
        <translation>Bit/G</translation>
    </message>
    <message>
        <source>Bits per weight, scales included</source>
        <translation>Bit je Gewicht, mit Skalen</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Bytes of all tensors</source>
        <translation>Bytes aller Tensoren</translation>
    </message>
    <message>
        <source>SQNR</source>
        <translation>SQNR</translation>
    </message>
    <message>
        <source>Signal to quantization noise over all changed tensors</source>
        <translation>Signal zu Quantisierungsrauschen über alle geänderten Tensoren</translation>
    </message>
    <message>
        <source>Perplexity</source>
        <translation>Perplexität</translation>
    </message>
    <message>
        <source>How surprised the model is by a text; lower is better</source>
        <translation>Wie überrascht das Modell von einem Text ist; kleiner ist besser</translation>
    </message>
    <message>
        <source>KL</source>
        <translation>KL</translation>
    </message>
    <message>
        <source>Mean divergence from the original&apos;s predictions, in nats; 0 is identical</source>
        <translation>Mittlere Abweichung von den Vorhersagen des Originals, in Nat; 0 ist gleich</translation>
    </message>
    <message>
        <source>Tokens/s</source>
        <translation>Token/s</translation>
    </message>
    <message>
        <source>Speed of generating</source>
        <translation>Geschwindigkeit des Schreibens</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>How long the run took</source>
        <translation>Wie lange der Lauf dauerte</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>File that was used</source>
        <translation>Datei, die benutzt wurde</translation>
    </message>
</context>
<context>
    <name>trilobit::ExperimentsPage</name>
    <message>
        <source>Search runs</source>
        <translation>Läufe suchen</translation>
    </message>
    <message>
        <source>Search model, recipe, kind …</source>
        <translation>Modell, Rezept, Art suchen …</translation>
    </message>
    <message>
        <source>Kind of run</source>
        <translation>Art des Laufs</translation>
    </message>
    <message>
        <source>All kinds</source>
        <translation>Alle Arten</translation>
    </message>
    <message>
        <source>Runs</source>
        <translation>Läufe</translation>
    </message>
    <message>
        <source>Details of the selected runs</source>
        <translation>Einzelheiten der gewählten Läufe</translation>
    </message>
    <message>
        <source>No runs yet</source>
        <translation>Noch keine Läufe</translation>
    </message>
    <message>
        <source>Quantizing, comparing, chatting and exporting leave a row here, with everything needed to repeat them.</source>
        <translation>Quantisieren, Vergleichen, Chatten und Exportieren hinterlassen hier eine Zeile mit allem, was man braucht, um sie zu wiederholen.</translation>
    </message>
    <message>
        <source>Use this recipe</source>
        <translation>Dieses Rezept nehmen</translation>
    </message>
    <message>
        <source>Copy the command line</source>
        <translation>Befehlszeile kopieren</translation>
    </message>
    <message>
        <source>Export the table…</source>
        <translation>Tabelle exportieren…</translation>
    </message>
    <message>
        <source>Delete the selected runs…</source>
        <translation>Gewählte Läufe löschen…</translation>
    </message>
    <message>
        <source>Read experiments</source>
        <translation>Versuche lesen</translation>
    </message>
    <message>
        <source>&lt;p&gt;Select a run to see it; select several to compare them.&lt;/p&gt;</source>
        <translation>&lt;p&gt;Wählen Sie einen Lauf, um ihn zu sehen, mehrere, um sie zu vergleichen.&lt;/p&gt;</translation>
    </message>
    <message>
        <source>This recipe cannot be read</source>
        <translation>Dieses Rezept lässt sich nicht lesen</translation>
    </message>
    <message>
        <source>Recipe of run %1</source>
        <translation>Rezept von Lauf %1</translation>
    </message>
    <message>
        <source>The recipe of run %1 is in place.</source>
        <translation>Das Rezept von Lauf %1 ist eingesetzt.</translation>
    </message>
    <message>
        <source>This run has no command</source>
        <translation>Dieser Lauf hat keinen Befehl</translation>
    </message>
    <message>
        <source>Command line copied.</source>
        <translation>Befehlszeile kopiert.</translation>
    </message>
    <message>
        <source>Export the table</source>
        <translation>Tabelle exportieren</translation>
    </message>
    <message>
        <source>Comma-separated values (*.csv);;JSON (*.json)</source>
        <translation>Mit Kommas getrennte Werte (*.csv);;JSON (*.json)</translation>
    </message>
    <message>
        <source>Export experiments</source>
        <translation>Versuche exportieren</translation>
    </message>
    <message>
        <source>Wrote %1</source>
        <translation>%1 geschrieben</translation>
    </message>
    <message>
        <source>Cannot export the table</source>
        <translation>Die Tabelle lässt sich nicht exportieren</translation>
    </message>
    <message>
        <source>Delete runs</source>
        <translation>Läufe löschen</translation>
    </message>
    <message numerus="yes">
        <source>Delete %n run(s) from the store? This cannot be undone; exported files stay.</source>
        <translation>
            <numerusform>%n Lauf aus dem Speicher löschen? Das lässt sich nicht rückgängig machen; exportierte Dateien bleiben.</numerusform>
            <numerusform>%n Läufe aus dem Speicher löschen? Das lässt sich nicht rückgängig machen; exportierte Dateien bleiben.</numerusform>
        </translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
    <message>
        <source>Cannot delete the runs</source>
        <translation>Die Läufe lassen sich nicht löschen</translation>
    </message>
</context>
<context>
    <name>trilobit::ExportDialog</name>
    <message>
        <source>Export as GGUF</source>
        <translation>Als GGUF exportieren</translation>
    </message>
    <message>
        <source>File to write</source>
        <translation>Zu schreibende Datei</translation>
    </message>
    <message>
        <source>Browse…</source>
        <translation>Durchsuchen…</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Exportieren</translation>
    </message>
    <message>
        <source>&lt;p&gt;&lt;b&gt;The quantized model&lt;/b&gt;, %1, %2 bits per weight.&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Das quantisierte Modell&lt;/b&gt;, %1, %2 Bit je Gewicht.&lt;/p&gt;</translation>
    </message>
    <message>
        <source>&lt;p&gt;&lt;b&gt;The opened model as it is&lt;/b&gt; (nothing was quantized yet), %1.&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;b&gt;Das geöffnete Modell, wie es ist&lt;/b&gt; (noch wurde nichts quantisiert), %1.&lt;/p&gt;</translation>
    </message>
    <message>
        <source>&lt;p&gt;&lt;font color=&quot;%1&quot;&gt;The recipe was changed after quantizing. What is written is the last quantized model, not the new recipe; quantize again to write that.&lt;/font&gt;&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;font color=&quot;%1&quot;&gt;Das Rezept wurde nach dem Quantisieren geändert. Geschrieben wird das zuletzt quantisierte Modell, nicht das neue Rezept; quantisieren Sie noch einmal, um jenes zu schreiben.&lt;/font&gt;&lt;/p&gt;</translation>
    </message>
    <message>
        <source>&lt;p&gt;&lt;font color=&quot;%1&quot;&gt;Runs in stock llama.cpp.&lt;/font&gt;&lt;/p&gt;</source>
        <translation>&lt;p&gt;&lt;font color=&quot;%1&quot;&gt;Läuft im gewöhnlichen llama.cpp.&lt;/font&gt;&lt;/p&gt;</translation>
    </message>
    <message>
        <source>&lt;p&gt;&lt;font color=&quot;%1&quot;&gt;Stock llama.cpp will not run this file:&lt;/font&gt;&lt;/p&gt;&lt;ul&gt;</source>
        <translation>&lt;p&gt;&lt;font color=&quot;%1&quot;&gt;Das gewöhnliche llama.cpp kann diese Datei nicht ausführen:&lt;/font&gt;&lt;/p&gt;&lt;ul&gt;</translation>
    </message>
    <message>
        <source>&lt;/ul&gt;&lt;p&gt;Trilobit itself opens and runs it.&lt;/p&gt;</source>
        <translation>&lt;/ul&gt;&lt;p&gt;Trilobit selbst öffnet sie und führt sie aus.&lt;/p&gt;</translation>
    </message>
    <message>
        <source>GGUF models (*.gguf)</source>
        <translation>GGUF-Modelle (*.gguf)</translation>
    </message>
    <message>
        <source>Give the file a name.</source>
        <translation>Geben Sie der Datei einen Namen.</translation>
    </message>
    <message>
        <source>The folder %1 does not exist.</source>
        <translation>Den Ordner %1 gibt es nicht.</translation>
    </message>
    <message>
        <source>This is the model that is open; choose another name.</source>
        <translation>Dies ist das geöffnete Modell; wählen Sie einen anderen Namen.</translation>
    </message>
    <message>
        <source>The disk has %1 free; about %2 are needed.</source>
        <translation>Auf dem Datenträger sind %1 frei; etwa %2 werden gebraucht.</translation>
    </message>
    <message>
        <source>A file of this name exists and will be replaced once the new one is complete.</source>
        <translation>Eine Datei dieses Namens gibt es schon; sie wird ersetzt, sobald die neue vollständig ist.</translation>
    </message>
</context>
<context>
    <name>trilobit::FactView</name>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
</context>
<context>
    <name>trilobit::FieldModel</name>
    <message>
        <source>The sign: 1 is negative.</source>
        <translation>Das Vorzeichen: 1 ist negativ.</translation>
    </message>
    <message>
        <source>The exponent, stored with an offset.</source>
        <translation>Der Exponent, mit einem Versatz gespeichert.</translation>
    </message>
    <message>
        <source>The digits after the leading one.</source>
        <translation>Die Stellen nach der führenden Eins.</translation>
    </message>
    <message>
        <source>The integer that stands for this weight alone.</source>
        <translation>Die ganze Zahl, die allein für dieses Gewicht steht.</translation>
    </message>
    <message>
        <source>The step between two values, shared by the group.</source>
        <translation>Der Abstand zweier Werte, von der Gruppe geteilt.</translation>
    </message>
    <message>
        <source>The code that means zero, shared by the group.</source>
        <translation>Der Code, der null bedeutet, von der Gruppe geteilt.</translation>
    </message>
    <message>
        <source>The lowest value, shared by the group.</source>
        <translation>Der kleinste Wert, von der Gruppe geteilt.</translation>
    </message>
    <message>
        <source>A small integer that multiplies the scale for a part of the block.</source>
        <translation>Eine kleine ganze Zahl, die die Skala für einen Teil des Blocks malnimmt.</translation>
    </message>
    <message>
        <source>A small integer that multiplies the minimum for a part of the block.</source>
        <translation>Eine kleine ganze Zahl, die das Minimum für einen Teil des Blocks malnimmt.</translation>
    </message>
    <message>
        <source> bit %1</source>
        <translation> Bit %1</translation>
    </message>
    <message>
        <source> bits %1–%2</source>
        <translation> Bits %1–%2</translation>
    </message>
    <message>
        <source>byte %1</source>
        <translation>Byte %1</translation>
    </message>
    <message>
        <source>tensor byte %1</source>
        <translation>Tensorbyte %1</translation>
    </message>
    <message>
        <source>not in this tensor</source>
        <translation>nicht in diesem Tensor</translation>
    </message>
    <message>
        <source>Field</source>
        <translation>Feld</translation>
    </message>
    <message>
        <source>Where in the block</source>
        <translation>Wo im Block</translation>
    </message>
    <message>
        <source>Bits</source>
        <translation>Bits</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Wert</translation>
    </message>
    <message>
        <source>Stored as</source>
        <translation>Gespeichert als</translation>
    </message>
</context>
<context>
    <name>trilobit::HeatMapPlot</name>
    <message>
        <source>column (input)</source>
        <translation>Spalte (Eingabe)</translation>
    </message>
    <message>
        <source>row (output)</source>
        <translation>Zeile (Ausgabe)</translation>
    </message>
    <message>
        <source>Chosen: row %1, column %2</source>
        <translation>Gewählt: Zeile %1, Spalte %2</translation>
    </message>
    <message>
        <source>&lt;b&gt;row %1, column %2&lt;/b&gt;&lt;br&gt;%3</source>
        <translation>&lt;b&gt;Zeile %1, Spalte %2&lt;/b&gt;&lt;br&gt;%3</translation>
    </message>
    <message>
        <source>&lt;b&gt;rows %1 to %2, columns %3 to %4&lt;/b&gt;&lt;br&gt;%5&lt;br&gt;Zoom in for single weights.</source>
        <translation>&lt;b&gt;Zeilen %1 bis %2, Spalten %3 bis %4&lt;/b&gt;&lt;br&gt;%5&lt;br&gt;Näher heran für einzelne Gewichte.</translation>
    </message>
</context>
<context>
    <name>trilobit::HelpDialog</name>
    <message>
        <source>Manual</source>
        <translation>Handbuch</translation>
    </message>
    <message>
        <source>Pages of the manual</source>
        <translation>Seiten des Handbuchs</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>Anfang</translation>
    </message>
    <message>
        <source>The views</source>
        <translation>Die Ansichten</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Tasten</translation>
    </message>
    <message>
        <source>Choosing a recipe</source>
        <translation>Ein Rezept wählen</translation>
    </message>
    <message>
        <source>Training</source>
        <translation>Training</translation>
    </message>
    <message>
        <source>Experiments</source>
        <translation>Versuche</translation>
    </message>
    <message>
        <source>Files of other programs</source>
        <translation>Dateien anderer Programme</translation>
    </message>
    <message>
        <source>Command line</source>
        <translation>Befehlszeile</translation>
    </message>
    <message>
        <source>Words</source>
        <translation>Wörter</translation>
    </message>
    <message>
        <source>Calibration</source>
        <translation>Kalibrierung</translation>
    </message>
</context>
<context>
    <name>trilobit::HistogramPlot</name>
    <message>
        <source>Histogram of the weights</source>
        <translation>Histogramm der Gewichte</translation>
    </message>
    <message>
        <source>weight value</source>
        <translation>Wert des Gewichts</translation>
    </message>
    <message>
        <source>share of weights per bin (%)</source>
        <translation>Anteil der Gewichte je Klasse (%)</translation>
    </message>
    <message>
        <source>▲ peaks up to %1 %,
    cut off here</source>
        <translation>▲ Spitzen bis %1 %,
    hier abgeschnitten</translation>
    </message>
    <message>
        <source>From %1 to %2, mean %3, standard deviation %4, outliers beyond six deviations: %5</source>
        <translation>Von %1 bis %2, Mittel %3, Standardabweichung %4, Ausreißer jenseits von sechs Abweichungen: %5</translation>
    </message>
    <message>
        <source>no outliers beyond ±6σ</source>
        <translation>keine Ausreißer jenseits von ±6σ</translation>
    </message>
    <message>
        <source>▼ %1 outliers beyond ±6σ</source>
        <translation>▼ %1 Ausreißer jenseits von ±6σ</translation>
    </message>
    <message>
        <source>%1: %2 weights (%3 %)</source>
        <translation>%1: %2 Gewichte (%3 %)</translation>
    </message>
    <message>
        <source>&lt;b&gt;%1 to %2&lt;/b&gt;</source>
        <translation>&lt;b&gt;%1 bis %2&lt;/b&gt;</translation>
    </message>
    <message>
        <source>%1 standard deviations from the mean</source>
        <translation>%1 Standardabweichungen vom Mittel</translation>
    </message>
</context>
<context>
    <name>trilobit::InspectorPage</name>
    <message>
        <source>Nothing is selected</source>
        <translation>Nichts ist gewählt</translation>
    </message>
    <message>
        <source>Select one or more tensors on the left to see and change what happens to them.</source>
        <translation>Wählen Sie links einen oder mehrere Tensoren, um zu sehen und zu ändern, was mit ihnen geschieht.</translation>
    </message>
    <message>
        <source>Bits per weight</source>
        <translation>Bit je Gewicht</translation>
    </message>
    <message>
        <source>Of the selected tensors, scales included</source>
        <translation>Der gewählten Tensoren, mit Skalen</translation>
    </message>
    <message>
        <source>Bytes</source>
        <translation>Bytes</translation>
    </message>
    <message>
        <source>Of the selected tensors</source>
        <translation>Der gewählten Tensoren</translation>
    </message>
    <message>
        <source>Whole model</source>
        <translation>Ganzes Modell</translation>
    </message>
    <message>
        <source>All tensors with the whole recipe</source>
        <translation>Alle Tensoren mit dem ganzen Rezept</translation>
    </message>
    <message>
        <source>SQNR</source>
        <translation>SQNR</translation>
    </message>
    <message>
        <source>Signal to quantization noise: how far the weights stand above the rounding error. Every 6 dB halve the error; 8 bits reach about 45 dB, 4 bits 20 dB, 1.58 bits 5 dB.</source>
        <translation>Signal zu Quantisierungsrauschen: wie weit die Gewichte über dem Rundungsfehler stehen. Je 6 dB halbiert sich der Fehler; 8 Bit erreichen etwa 45 dB, 4 Bit 20 dB, 1,58 Bit 5 dB.</translation>
    </message>
    <message>
        <source>RMS error</source>
        <translation>Mittlerer Fehler</translation>
    </message>
    <message>
        <source>Root of the mean squared error of a weight</source>
        <translation>Wurzel des mittleren quadratischen Fehlers eines Gewichts</translation>
    </message>
    <message>
        <source>Largest error</source>
        <translation>Größter Fehler</translation>
    </message>
    <message>
        <source>The weight that moved most</source>
        <translation>Das Gewicht, das sich am meisten bewegt hat</translation>
    </message>
    <message>
        <source>What it costs</source>
        <translation>Was es kostet</translation>
    </message>
    <message>
        <source>%1 tensors</source>
        <translation>%1 Tensoren</translation>
    </message>
    <message>
        <source>%1 · %2 · %3 weights · stored as %4</source>
        <translation>%1 · %2 · %3 Gewichte · gespeichert als %4</translation>
    </message>
    <message>
        <source>The preview shows %1.</source>
        <translation>Die Vorschau zeigt %1.</translation>
    </message>
    <message>
        <source>Refused: %1</source>
        <translation>Abgelehnt: %1</translation>
    </message>
    <message>
        <source>%1 is used instead of %2: %3</source>
        <translation>%1 statt %2: %3</translation>
    </message>
    <message>
        <source> (and %1 more tensors)</source>
        <translation> (und %1 weitere Tensoren)</translation>
    </message>
    <message>
        <source>%1 → %2</source>
        <translation>%1 → %2</translation>
    </message>
    <message>
        <source>%1 → %2 (%3)</source>
        <translation>%1 → %2 (%3)</translation>
    </message>
    <message>
        <source>%1, %2 bits</source>
        <translation>%1, %2 Bit</translation>
    </message>
    <message>
        <source>Stays as it is</source>
        <translation>Bleibt, wie es ist</translation>
    </message>
    <message>
        <source>Norms, biases and other vectors are tiny and the result depends on them, so no recipe touches them.</source>
        <translation>Normen, Bias und andere Vektoren sind winzig, und das Ergebnis hängt an ihnen; darum rührt kein Rezept sie an.</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>Stock llama.cpp runs it.</source>
        <translation>llama.cpp führt es aus.</translation>
    </message>
    <message>
        <source>Only Trilobit runs it.</source>
        <translation>Nur Trilobit führt es aus.</translation>
    </message>
    <message>
        <source>Kept: every weight stays exactly what it is.</source>
        <translation>Behalten: jedes Gewicht bleibt genau, was es ist.</translation>
    </message>
    <message>
        <source>No preview while the choice is refused.</source>
        <translation>Keine Vorschau, solange die Wahl abgelehnt ist.</translation>
    </message>
    <message>
        <source>Preview</source>
        <translation>Vorschau</translation>
    </message>
    <message>
        <source>Errors from %1 of %2 rows; quantizing measures all.</source>
        <translation>Fehler aus %1 von %2 Zeilen; Quantisieren misst alle.</translation>
    </message>
    <message>
        <source>Calibrated</source>
        <translation>Kalibriert</translation>
    </message>
    <message>
        <source>Strong input channels count more, as %1 says.</source>
        <translation>Starke Eingangskanäle zählen mehr; welche das sind, steht in %1.</translation>
    </message>
</context>
<context>
    <name>trilobit::JobBar</name>
    <message>
        <source>Running work</source>
        <translation>Laufende Arbeiten</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>about 00 min 00 s left</source>
        <translation>noch etwa 00 min 00 s</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Cancel the running work</source>
        <translation>Die laufende Arbeit abbrechen</translation>
    </message>
    <message>
        <source>%1 (+%2 more)</source>
        <translation>%1 (+%2 weitere)</translation>
    </message>
    <message>
        <source>cancelling…</source>
        <translation>wird abgebrochen…</translation>
    </message>
    <message>
        <source>waiting…</source>
        <translation>wartet…</translation>
    </message>
    <message>
        <source>about %1 left</source>
        <translation>noch etwa %1</translation>
    </message>
</context>
<context>
    <name>trilobit::JobsDialog</name>
    <message>
        <source>Nothing runs and nothing waits.</source>
        <translation>Nichts läuft und nichts wartet.</translation>
    </message>
    <message>
        <source>&amp;Cancel this</source>
        <translation>Diese &amp;abbrechen</translation>
    </message>
    <message>
        <source>Running work</source>
        <translation>Laufende Arbeiten</translation>
    </message>
    <message>
        <source>Running and waiting work</source>
        <translation>Laufende und wartende Arbeiten</translation>
    </message>
    <message>
        <source>&amp;Go on</source>
        <translation>&amp;Weiter</translation>
    </message>
    <message>
        <source>&amp;Pause</source>
        <translation>&amp;Pause</translation>
    </message>
</context>
<context>
    <name>trilobit::JobsModel</name>
    <message>
        <source>cancelling</source>
        <translation>bricht ab</translation>
    </message>
    <message>
        <source>paused</source>
        <translation>angehalten</translation>
    </message>
    <message>
        <source>running</source>
        <translation>läuft</translation>
    </message>
    <message>
        <source>waiting</source>
        <translation>wartet</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
    <message>
        <source>about %1</source>
        <translation>etwa %1</translation>
    </message>
    <message>
        <source>Work</source>
        <translation>Arbeit</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Step</source>
        <translation>Schritt</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Fertig</translation>
    </message>
    <message>
        <source>Remaining</source>
        <translation>Verbleibend</translation>
    </message>
</context>
<context>
    <name>trilobit::KlLegend</name>
    <message>
        <source>Scale of the colours: KL from 0 to 2 nats and more</source>
        <translation>Skala der Farben: KL von 0 bis 2 Nat und mehr</translation>
    </message>
    <message>
        <source>How far apart what the two models expect is at a token (KL divergence, in nats).
0: the same. 0.01: hardly to be noticed. Above 0.5: another text. 2 and more: the full colour.
Underlined: the second model would have said something else.</source>
        <translation>Wie weit das, was die beiden Modelle an einem Token erwarten, auseinanderliegt (KL-Divergenz, in Nat).
0: dasselbe. 0.01: kaum zu merken. Über 0.5: ein anderer Text. Ab 2: die volle Farbe.
Unterstrichen: Das zweite Modell hätte etwas anderes gesagt.</translation>
    </message>
    <message>
        <source>KL, nats</source>
        <translation>KL, Nat</translation>
    </message>
</context>
<context>
    <name>trilobit::LatentPlot</name>
    <message>
        <source>Histogram of the trained weights</source>
        <translation>Histogramm der trainierten Gewichte</translation>
    </message>
    <message>
        <source>weight ÷ mean magnitude of the matrix</source>
        <translation>Gewicht ÷ mittlerer Betrag der Matrix</translation>
    </message>
    <message>
        <source>share of weights per bin (%)</source>
        <translation>Anteil der Gewichte je Klasse (%)</translation>
    </message>
    <message>
        <source>−1</source>
        <translation>−1</translation>
    </message>
    <message>
        <source>0</source>
        <translation>0</translation>
    </message>
    <message>
        <source>at step %1</source>
        <translation>bei Schritt %1</translation>
    </message>
    <message>
        <source>+1</source>
        <translation>+1</translation>
    </message>
    <message>
        <source>at the start</source>
        <translation>am Anfang</translation>
    </message>
    <message>
        <source>Step %1, mean magnitude %2</source>
        <translation>Schritt %1, mittlerer Betrag %2</translation>
    </message>
    <message>
        <source>&lt;b&gt;%1 to %2&lt;/b&gt; mean magnitudes</source>
        <translation>&lt;b&gt;%1 bis %2&lt;/b&gt; mittlere Beträge</translation>
    </message>
    <message>
        <source>&lt;br&gt;%1 % of the weights</source>
        <translation>&lt;br&gt;%1 % der Gewichte</translation>
    </message>
    <message>
        <source>, of them −1: %1 %, 0: %2 %, +1: %3 %</source>
        <translation>, davon −1: %1 %, 0: %2 %, +1: %3 %</translation>
    </message>
</context>
<context>
    <name>trilobit::MainWindow</name>
    <message>
        <source>Trilobit</source>
        <translation>Trilobit</translation>
    </message>
    <message>
        <source>While starting:</source>
        <translation>Beim Start:</translation>
    </message>
    <message>
        <source>Views</source>
        <translation>Ansichten</translation>
    </message>
    <message>
        <source>Welcome</source>
        <translation>Willkommen</translation>
    </message>
    <message>
        <source>Weights</source>
        <translation>Gewichte</translation>
    </message>
    <message>
        <source>Show &amp;weights</source>
        <translation>&amp;Gewichte zeigen</translation>
    </message>
    <message>
        <source>Map</source>
        <translation>Karte</translation>
    </message>
    <message>
        <source>Show the &amp;map</source>
        <translation>&amp;Karte zeigen</translation>
    </message>
    <message>
        <source>Plots</source>
        <translation>Plots</translation>
    </message>
    <message>
        <source>Show &amp;plots</source>
        <translation>&amp;Plots zeigen</translation>
    </message>
    <message>
        <source>Error</source>
        <translation>Fehler</translation>
    </message>
    <message>
        <source>Show &amp;errors</source>
        <translation>&amp;Fehler zeigen</translation>
    </message>
    <message>
        <source>Budget</source>
        <translation>Budget</translation>
    </message>
    <message>
        <source>Show the &amp;budget</source>
        <translation>&amp;Budget zeigen</translation>
    </message>
    <message>
        <source>Chat</source>
        <translation>Chat</translation>
    </message>
    <message>
        <source>Show &amp;chat</source>
        <translation>&amp;Chat zeigen</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>Vergleich</translation>
    </message>
    <message>
        <source>Show the c&amp;omparison</source>
        <translation>&amp;Vergleich zeigen</translation>
    </message>
    <message>
        <source>Train</source>
        <translation>Training</translation>
    </message>
    <message>
        <source>Show t&amp;raining</source>
        <translation>&amp;Training zeigen</translation>
    </message>
    <message>
        <source>Experiments</source>
        <translation>Versuche</translation>
    </message>
    <message>
        <source>Show e&amp;xperiments</source>
        <translation>Ver&amp;suche zeigen</translation>
    </message>
    <message>
        <source>Tensors</source>
        <translation>Tensoren</translation>
    </message>
    <message>
        <source>Inspector</source>
        <translation>Inspektor</translation>
    </message>
    <message>
        <source>Last action as a command line; press to copy</source>
        <translation>Letzte Handlung als Befehlszeile; drücken kopiert sie</translation>
    </message>
    <message>
        <source>Command line copied.</source>
        <translation>Befehlszeile kopiert.</translation>
    </message>
    <message>
        <source>00.00 → 00.00 bits/weight · 00.0 MB → 00.0 MB (−00 %) · recipe changed since quantizing  </source>
        <translation>00.00 → 00.00 Bit/Gewicht · 00.0 MB → 00.0 MB (−00 %) · Rezept seit dem Quantisieren geändert  </translation>
    </message>
    <message>
        <source>Exported.</source>
        <translation>Exportiert.</translation>
    </message>
    <message>
        <source>Your recipe is back.</source>
        <translation>Ihr Rezept ist wieder da.</translation>
    </message>
    <message>
        <source>It is the one you had for this model last time; undo removes it.</source>
        <translation>Es ist das, das Sie zuletzt für dieses Modell hatten; Rückgängig entfernt es.</translation>
    </message>
    <message>
        <source>The demo pair.</source>
        <translation>Das Vorführpaar.</translation>
    </message>
    <message>
        <source>Left: full precision. Middle: the same size trained for 1.58 bits. Right: the left one rounded to three values without training, which costs it its language.</source>
        <translation>Links: volle Genauigkeit. Mitte: dieselbe Größe, für 1,58 Bit trainiert. Rechts: das linke ohne Training auf drei Werte gerundet, was es seine Sprache kostet.</translation>
    </message>
    <message>
        <source>Make the demo model</source>
        <translation>Vorführmodell anlegen</translation>
    </message>
    <message>
        <source>Cannot make the demo model</source>
        <translation>Das Vorführmodell kann nicht angelegt werden</translation>
    </message>
    <message>
        <source>Open a model folder</source>
        <translation>Modellordner öffnen</translation>
    </message>
    <message>
        <source>Open a model</source>
        <translation>Modell öffnen</translation>
    </message>
    <message>
        <source>Models (*.gguf *.safetensors *.safetensors.index.json config.json);;All files (*)</source>
        <translation>Modelle (*.gguf *.safetensors *.safetensors.index.json config.json);;Alle Dateien (*)</translation>
    </message>
    <message>
        <source>Load a recipe</source>
        <translation>Rezept laden</translation>
    </message>
    <message>
        <source>Recipes (*.json)</source>
        <translation>Rezepte (*.json)</translation>
    </message>
    <message>
        <source>Open a model first.</source>
        <translation>Öffnen Sie zuerst ein Modell.</translation>
    </message>
    <message>
        <source>A recipe needs one to act on.</source>
        <translation>Ein Rezept braucht eines, auf das es wirkt.</translation>
    </message>
    <message>
        <source>Cannot load %1</source>
        <translation>%1 kann nicht geladen werden</translation>
    </message>
    <message>
        <source>Load %1</source>
        <translation>%1 laden</translation>
    </message>
    <message>
        <source>Loaded %1</source>
        <translation>%1 geladen</translation>
    </message>
    <message>
        <source>Save the recipe</source>
        <translation>Rezept speichern</translation>
    </message>
    <message>
        <source>Saved %1</source>
        <translation>%1 gespeichert</translation>
    </message>
    <message>
        <source>Cannot save the recipe</source>
        <translation>Das Rezept kann nicht gespeichert werden</translation>
    </message>
    <message>
        <source>Clear the list</source>
        <translation>Liste leeren</translation>
    </message>
    <message>
        <source>Preset %1</source>
        <translation>Vorlage %1</translation>
    </message>
    <message>
        <source>%1 - Trilobit</source>
        <translation>%1 – Trilobit</translation>
    </message>
    <message>
        <source>No chat: %1</source>
        <translation>Kein Chat: %1</translation>
    </message>
    <message>
        <source>This is the demo.</source>
        <translation>Dies ist die Vorführung.</translation>
    </message>
    <message>
        <source>Its weights are random numbers: it was never trained and talks nonsense. Everything else works as with a real model.</source>
        <translation>Die Gewichte sind Zufallszahlen: Es wurde nie trainiert und redet Unsinn. Alles andere geht wie mit einem echten Modell.</translation>
    </message>
    <message>
        <source>Please note:</source>
        <translation>Bitte beachten:</translation>
    </message>
    <message>
        <source>%1 bits/weight · %2</source>
        <translation>%1 Bit/Gewicht · %2</translation>
    </message>
    <message>
        <source>%1 → %2 bits/weight · %3 → %4 (%5)</source>
        <translation>%1 → %2 Bit/Gewicht · %3 → %4 (%5)</translation>
    </message>
    <message>
        <source> · quantized</source>
        <translation> · quantisiert</translation>
    </message>
    <message>
        <source> · recipe changed since quantizing</source>
        <translation> · Rezept seit dem Quantisieren geändert</translation>
    </message>
    <message>
        <source>&lt;p&gt;The last action as a command line. Press to copy.&lt;/p&gt;&lt;p&gt;&lt;tt&gt;%1&lt;/tt&gt;&lt;/p&gt;</source>
        <translation>&lt;p&gt;Die letzte Handlung als Befehlszeile. Drücken kopiert sie.&lt;/p&gt;&lt;p&gt;&lt;tt&gt;%1&lt;/tt&gt;&lt;/p&gt;</translation>
    </message>
    <message>
        <source>&amp;Open a model…</source>
        <translation>Modell ö&amp;ffnen…</translation>
    </message>
    <message>
        <source>Open a model &amp;folder…</source>
        <translation>Modell&amp;ordner öffnen…</translation>
    </message>
    <message>
        <source>Ctrl+Shift+O</source>
        <translation>Ctrl+Shift+O</translation>
    </message>
    <message>
        <source>Open the &amp;demo</source>
        <translation>&amp;Vorführung öffnen</translation>
    </message>
    <message>
        <source>A small model with random weights that the program makes itself; it is not trained</source>
        <translation>Ein kleines Modell mit zufälligen Gewichten, das das Programm selbst anlegt; es ist nicht trainiert</translation>
    </message>
    <message>
        <source>&amp;Export…</source>
        <translation>&amp;Exportieren…</translation>
    </message>
    <message>
        <source>Ctrl+E</source>
        <translation>Ctrl+E</translation>
    </message>
    <message>
        <source>Write the quantized model as a GGUF file</source>
        <translation>Das quantisierte Modell als GGUF-Datei schreiben</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>&amp;Beenden</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>&amp;Rückgängig</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>&amp;Wiederholen</translation>
    </message>
    <message>
        <source>Ctrl+Shift+Z</source>
        <translation>Ctrl+Shift+Z</translation>
    </message>
    <message>
        <source>Ctrl+Y</source>
        <translation>Ctrl+Y</translation>
    </message>
    <message>
        <source>&amp;Filter tensors</source>
        <translation>Tensoren &amp;filtern</translation>
    </message>
    <message>
        <source>&amp;Keep everything (clear the recipe)</source>
        <translation>Alles be&amp;halten (Rezept leeren)</translation>
    </message>
    <message>
        <source>&amp;Load a recipe…</source>
        <translation>Rezept &amp;laden…</translation>
    </message>
    <message>
        <source>Ctrl+L</source>
        <translation>Ctrl+L</translation>
    </message>
    <message>
        <source>&amp;Save the recipe…</source>
        <translation>Rezept &amp;speichern…</translation>
    </message>
    <message>
        <source>&amp;Quantize</source>
        <translation>&amp;Quantisieren</translation>
    </message>
    <message>
        <source>Ctrl+Return</source>
        <translation>Ctrl+Return</translation>
    </message>
    <message>
        <source>Carry out the recipe (Ctrl+Return)</source>
        <translation>Das Rezept ausführen (Strg+Eingabe)</translation>
    </message>
    <message>
        <source>&amp;Cancel quantizing</source>
        <translation>Quantisieren &amp;abbrechen</translation>
    </message>
    <message>
        <source>Ctrl+.</source>
        <translation>Ctrl+.</translation>
    </message>
    <message>
        <source>Command &amp;palette…</source>
        <translation>Befehls&amp;liste…</translation>
    </message>
    <message>
        <source>Ctrl+K</source>
        <translation>Ctrl+K</translation>
    </message>
    <message>
        <source>Switch between light and dark</source>
        <translation>Zwischen hell und dunkel wechseln</translation>
    </message>
    <message>
        <source>Ctrl+T</source>
        <translation>Ctrl+T</translation>
    </message>
    <message>
        <source>&amp;Reset the layout</source>
        <translation>Anordnung &amp;zurücksetzen</translation>
    </message>
    <message>
        <source>&amp;Manual</source>
        <translation>&amp;Handbuch</translation>
    </message>
    <message>
        <source>&amp;Running work…</source>
        <translation>Laufende A&amp;rbeiten…</translation>
    </message>
    <message>
        <source>Ctrl+Shift+J</source>
        <translation>Ctrl+Shift+J</translation>
    </message>
    <message>
        <source>&amp;About Trilobit…</source>
        <translation>Ü&amp;ber Trilobit…</translation>
    </message>
    <message>
        <source>&amp;Plugins…</source>
        <translation>&amp;Plugins…</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Datei</translation>
    </message>
    <message>
        <source>Open &amp;recent</source>
        <translation>&amp;Zuletzt geöffnet</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>&amp;Bearbeiten</translation>
    </message>
    <message>
        <source>&amp;Recipe</source>
        <translation>&amp;Rezept</translation>
    </message>
    <message>
        <source>&amp;Presets</source>
        <translation>&amp;Vorlagen</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>&amp;Ansicht</translation>
    </message>
    <message>
        <source>&amp;Theme</source>
        <translation>&amp;Farben</translation>
    </message>
    <message>
        <source>Theme of the &amp;system</source>
        <translation>Farben des &amp;Systems</translation>
    </message>
    <message>
        <source>&amp;Light theme</source>
        <translation>&amp;Helle Farben</translation>
    </message>
    <message>
        <source>&amp;Dark theme</source>
        <translation>&amp;Dunkle Farben</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>&amp;Hilfe</translation>
    </message>
    <message>
        <source>Main tool bar</source>
        <translation>Werkzeugleiste</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Öffnen</translation>
    </message>
    <message>
        <source>Quantize</source>
        <translation>Quantisieren</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>Exportieren…</translation>
    </message>
    <message>
        <source>Load recipe</source>
        <translation>Rezept laden</translation>
    </message>
    <message>
        <source>Save recipe</source>
        <translation>Rezept speichern</translation>
    </message>
    <message>
        <source>Commands</source>
        <translation>Befehle</translation>
    </message>
    <message>
        <source>Looking for models</source>
        <translation>Modelle werden gesucht</translation>
    </message>
    <message>
        <source>&amp;Settings…</source>
        <translation>&amp;Einstellungen…</translation>
    </message>
    <message>
        <source>Ctrl+,</source>
        <translation>Ctrl+,</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>Tempo</translation>
    </message>
    <message>
        <source>Show s&amp;peed</source>
        <translation>Tem&amp;po zeigen</translation>
    </message>
    <message>
        <source>Round to three values without training</source>
        <translation>Auf drei Werte runden, ohne Training</translation>
    </message>
    <message>
        <source>Download %1</source>
        <translation>%1 herunterladen</translation>
    </message>
    <message>
        <source>Cannot download %1</source>
        <translation>%1 kann nicht heruntergeladen werden</translation>
    </message>
    <message>
        <source>%1 is here.</source>
        <translation>%1 ist da.</translation>
    </message>
    <message>
        <source>Do&amp;wnload a model…</source>
        <translation>Ein Modell &amp;herunterladen…</translation>
    </message>
    <message>
        <source>Fetch a model from a Hugging Face repository, by name</source>
        <translation>Ein Modell aus einem Repositorium von Hugging Face holen, mit seinem Namen</translation>
    </message>
    <message>
        <source>A quantization was cut short.</source>
        <translation>Eine Quantisierung wurde abgebrochen.</translation>
    </message>
    <message>
        <source>What it had finished is kept; Running work (%1) offers to go on or to discard it.</source>
        <translation>Was fertig war, ist aufgehoben; „Laufende Arbeiten“ (%1) bietet an, es fortzusetzen oder zu verwerfen.</translation>
    </message>
    <message>
        <source>Open a calibration</source>
        <translation>Kalibrierung öffnen</translation>
    </message>
    <message>
        <source>Calibrations (*.gguf *.imatrix *.dat);;All files (*)</source>
        <translation>Kalibrierungen (*.gguf *.imatrix *.dat);;Alle Dateien (*)</translation>
    </message>
    <message>
        <source>C&amp;alibrate…</source>
        <translation>Kali&amp;brieren…</translation>
    </message>
    <message>
        <source>Let the model read a text and note what goes into each of its matrices</source>
        <translation>Das Modell einen Text lesen lassen und festhalten, was in jede seiner Matrizen hineingeht</translation>
    </message>
    <message>
        <source>Ope&amp;n a calibration…</source>
        <translation>Kalibrierung öff&amp;nen…</translation>
    </message>
    <message>
        <source>Use a calibration that was made before, or an imatrix of llama.cpp</source>
        <translation>Eine früher gemachte Kalibrierung oder eine imatrix von llama.cpp verwenden</translation>
    </message>
</context>
<context>
    <name>trilobit::MapPage</name>
    <message>
        <source>Saved %1</source>
        <translation>%1 gespeichert</translation>
    </message>
    <message>
        <source>Plot not saved</source>
        <translation>Diagramm nicht gespeichert</translation>
    </message>
    <message>
        <source>Open a model to see its weights as a map.</source>
        <translation>Öffnen Sie ein Modell, um seine Gewichte als Karte zu sehen.</translation>
    </message>
    <message>
        <source>What a cell shows</source>
        <translation>Was eine Zelle zeigt</translation>
    </message>
    <message>
        <source>Strongest weight</source>
        <translation>Stärkstes Gewicht</translation>
    </message>
    <message>
        <source>Root mean square</source>
        <translation>Quadratisches Mittel</translation>
    </message>
    <message>
        <source>Mean</source>
        <translation>Mittelwert</translation>
    </message>
    <message>
        <source>From afar a cell stands for many weights. The strongest one shows outliers, the root mean square shows rows and columns that are large as a whole.</source>
        <translation>Von fern steht eine Zelle für viele Gewichte. Das stärkste zeigt Ausreißer, das quadratische Mittel zeigt Zeilen und Spalten, die im Ganzen groß sind.</translation>
    </message>
    <message>
        <source>C&amp;ells show</source>
        <translation>&amp;Zellen zeigen</translation>
    </message>
    <message>
        <source>Or&amp;iginal</source>
        <translation>Or&amp;iginal</translation>
    </message>
    <message>
        <source>&amp;Quantized</source>
        <translation>&amp;Quantisiert</translation>
    </message>
    <message>
        <source>Erro&amp;r</source>
        <translation>F&amp;ehler</translation>
    </message>
    <message>
        <source>Map of the tensor: %1</source>
        <translation>Karte des Tensors: %1</translation>
    </message>
    <message>
        <source>Select a tensor on the left to see it as a map.</source>
        <translation>Wählen Sie links einen Tensor, um ihn als Karte zu sehen.</translation>
    </message>
    <message>
        <source>Quantize %1 for the map</source>
        <translation>%1 für die Karte quantisieren</translation>
    </message>
    <message>
        <source>Original · %1</source>
        <translation>Original · %1</translation>
    </message>
    <message>
        <source>Quantized · %1</source>
        <translation>Quantisiert · %1</translation>
    </message>
    <message>
        <source>Quantized · being made…</source>
        <translation>Quantisiert · entsteht…</translation>
    </message>
    <message>
        <source>Error · quantized − original</source>
        <translation>Fehler · quantisiert − Original</translation>
    </message>
    <message>
        <source>Map of %1</source>
        <translation>Karte von %1</translation>
    </message>
    <message>
        <source>weight</source>
        <translation>Gewicht</translation>
    </message>
    <message>
        <source>error</source>
        <translation>Fehler</translation>
    </message>
    <message>
        <source>single weights</source>
        <translation>einzelne Gewichte</translation>
    </message>
    <message>
        <source>%1 × %2 weights a cell</source>
        <translation>%1 × %2 Gewichte je Zelle</translation>
    </message>
    <message>
        <source>, sample of rows…</source>
        <translation>, Stichprobe von Zeilen…</translation>
    </message>
</context>
<context>
    <name>trilobit::MessageBar</name>
    <message>
        <source>Dismiss the message</source>
        <translation>Meldung schließen</translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>Schließen</translation>
    </message>
</context>
<context>
    <name>trilobit::Microscope</name>
    <message>
        <source>Bit microscope</source>
        <translation>Bitmikroskop</translation>
    </message>
    <message>
        <source>Row of the weight</source>
        <translation>Zeile des Gewichts</translation>
    </message>
    <message>
        <source>Column of the weight</source>
        <translation>Spalte des Gewichts</translation>
    </message>
    <message>
        <source>&amp;Row</source>
        <translation>&amp;Zeile</translation>
    </message>
    <message>
        <source>C&amp;olumn</source>
        <translation>&amp;Spalte</translation>
    </message>
    <message>
        <source>Which bytes to look at</source>
        <translation>Welche Bytes zu sehen sind</translation>
    </message>
    <message>
        <source>In the open file</source>
        <translation>In der offenen Datei</translation>
    </message>
    <message>
        <source>As quantized</source>
        <translation>Quantisiert</translation>
    </message>
    <message>
        <source>original</source>
        <translation>Original</translation>
    </message>
    <message>
        <source>The weight in the open file.</source>
        <translation>Das Gewicht in der geöffneten Datei.</translation>
    </message>
    <message>
        <source>decoded</source>
        <translation>dekodiert</translation>
    </message>
    <message>
        <source>What these bytes decode to.</source>
        <translation>Was diese Bit ergeben.</translation>
    </message>
    <message>
        <source>error</source>
        <translation>Fehler</translation>
    </message>
    <message>
        <source>Decoded minus original.</source>
        <translation>Dekodiert minus Original.</translation>
    </message>
    <message>
        <source>code</source>
        <translation>Code</translation>
    </message>
    <message>
        <source>The integer stored for this weight.</source>
        <translation>Die für dieses Gewicht gespeicherte ganze Zahl.</translation>
    </message>
    <message>
        <source>level</source>
        <translation>Stufe</translation>
    </message>
    <message>
        <source>The value that the code names, before scaling.</source>
        <translation>Der Wert, den der Code nennt, vor der Skala.</translation>
    </message>
    <message>
        <source>scale</source>
        <translation>Skala</translation>
    </message>
    <message>
        <source>What a step of one is worth here.</source>
        <translation>Was ein Schritt von eins hier wert ist.</translation>
    </message>
    <message>
        <source>zero</source>
        <translation>Null</translation>
    </message>
    <message>
        <source>The code that stands for zero.</source>
        <translation>Der Code, der für null steht.</translation>
    </message>
    <message>
        <source>minimum</source>
        <translation>Minimum</translation>
    </message>
    <message>
        <source>Subtracted from scale · code.</source>
        <translation>Wird von Skala · Code abgezogen.</translation>
    </message>
    <message>
        <source>by</source>
        <translation>durch</translation>
    </message>
    <message>
        <source>How the value comes from the fields below.</source>
        <translation>Wie der Wert aus den Feldern unten entsteht.</translation>
    </message>
    <message>
        <source>block</source>
        <translation>Block</translation>
    </message>
    <message>
        <source>Weights that share bytes and scale with this one.</source>
        <translation>Gewichte, die mit diesem Bytes und Skala teilen.</translation>
    </message>
    <message>
        <source>in the file</source>
        <translation>in der Datei</translation>
    </message>
    <message>
        <source>Where the block begins, counted from the start of the file.</source>
        <translation>Wo der Block beginnt, gezählt vom Anfang der Datei.</translation>
    </message>
    <message>
        <source>Bytes of the block</source>
        <translation>Bytes des Blocks</translation>
    </message>
    <message>
        <source>Fields of the weight</source>
        <translation>Felder des Gewichts</translation>
    </message>
    <message>
        <source>Weights of the block</source>
        <translation>Gewichte des Blocks</translation>
    </message>
    <message>
        <source>Press Return or double-click to look at a neighbour.</source>
        <translation>Eingabe oder Doppelklick zeigt einen Nachbarn.</translation>
    </message>
    <message>
        <source>Tables of the microscope</source>
        <translation>Tabellen des Mikroskops</translation>
    </message>
    <message>
        <source>Fields</source>
        <translation>Felder</translation>
    </message>
    <message>
        <source>Neighbours</source>
        <translation>Nachbarn</translation>
    </message>
    <message>
        <source>In the open file (%1)</source>
        <translation>In der offenen Datei (%1)</translation>
    </message>
    <message>
        <source>As quantized (%1)</source>
        <translation>Quantisiert (%1)</translation>
    </message>
    <message>
        <source>Click a weight in the map, or choose a row and a column.</source>
        <translation>Klicken Sie ein Gewicht in der Karte an oder wählen Sie Zeile und Spalte.</translation>
    </message>
    <message>
        <source>Select a tensor to look at its bits.</source>
        <translation>Wählen Sie einen Tensor, um seine Bits zu sehen.</translation>
    </message>
    <message>
        <source>%1 weights in %2 bytes</source>
        <translation>%1 Gewichte in %2 Bytes</translation>
    </message>
    <message>
        <source>byte %1</source>
        <translation>Byte %1</translation>
    </message>
</context>
<context>
    <name>trilobit::NeighbourModel</name>
    <message>
        <source>▸ %1, %2</source>
        <translation>▸ %1, %2</translation>
    </message>
    <message>
        <source>%1, %2</source>
        <translation>%1, %2</translation>
    </message>
    <message>
        <source>Row, column</source>
        <translation>Zeile, Spalte</translation>
    </message>
    <message>
        <source>Code</source>
        <translation>Code</translation>
    </message>
    <message>
        <source>Stored</source>
        <translation>Gespeichert</translation>
    </message>
    <message>
        <source>Original</source>
        <translation>Original</translation>
    </message>
    <message>
        <source>Error</source>
        <translation>Fehler</translation>
    </message>
</context>
<context>
    <name>trilobit::OptionsDialog</name>
    <message>
        <source>Other &amp;methods than plain rounding, too</source>
        <translation>Auch andere &amp;Methoden als einfaches Runden</translation>
    </message>
    <message>
        <source>Measure &amp;all rows</source>
        <translation>&amp;Alle Zeilen messen</translation>
    </message>
    <message>
        <source>What else could this be?</source>
        <translation>Was könnte das noch sein?</translation>
    </message>
    <message>
        <source>%1, measured for all %2 selected tensors</source>
        <translation>%1, gemessen für alle %2 gewählten Tensoren</translation>
    </message>
    <message>
        <source>Exact numbers instead of estimates from a sample of rows.</source>
        <translation>Genaue Zahlen statt Schätzungen aus einer Stichprobe von Zeilen.</translation>
    </message>
    <message>
        <source>What this tensor could be</source>
        <translation>Was dieser Tensor sein könnte</translation>
    </message>
    <message>
        <source>&amp;Use this</source>
        <translation>&amp;Dies nehmen</translation>
    </message>
    <message>
        <source>Measure %1 in every encoding</source>
        <translation>%1 in jeder Kodierung messen</translation>
    </message>
    <message>
        <source>measuring… %1 done</source>
        <translation>wird gemessen… %1 fertig</translation>
    </message>
    <message>
        <source>from %1 of %2 rows</source>
        <translation>aus %1 von %2 Zeilen</translation>
    </message>
    <message>
        <source>from all rows</source>
        <translation>aus allen Zeilen</translation>
    </message>
</context>
<context>
    <name>trilobit::OptionsModel</name>
    <message>
        <source>%1 (keep)</source>
        <translation>%1 (behalten)</translation>
    </message>
    <message>
        <source>refused</source>
        <translation>abgelehnt</translation>
    </message>
    <message>
        <source>Encoding</source>
        <translation>Kodierung</translation>
    </message>
    <message>
        <source>Method</source>
        <translation>Methode</translation>
    </message>
    <message>
        <source>Bits/w</source>
        <translation>Bit/G</translation>
    </message>
    <message>
        <source>Bytes</source>
        <translation>Bytes</translation>
    </message>
    <message>
        <source>SQNR</source>
        <translation>SQNR</translation>
    </message>
    <message>
        <source>RMS error</source>
        <translation>RMS-Fehler</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Hinweis</translation>
    </message>
</context>
<context>
    <name>trilobit::PaneRunner</name>
    <message>
        <source>Stopped: the model changed.</source>
        <translation>Angehalten: Das Modell hat gewechselt.</translation>
    </message>
    <message>
        <source>%1 (tensors: %2)</source>
        <translation>%1 (Tensoren: %2)</translation>
    </message>
    <message>
        <source>Prepare %1</source>
        <translation>%1 vorbereiten</translation>
    </message>
    <message>
        <source>Chat: %1</source>
        <translation>Chat: %1</translation>
    </message>
    <message>
        <source>Read along: %1</source>
        <translation>Mitlesen: %1</translation>
    </message>
</context>
<context>
    <name>trilobit::PatternDialog</name>
    <message>
        <source>Apply by pattern</source>
        <translation>Nach Muster anwenden</translation>
    </message>
    <message>
        <source>Pattern for tensor names</source>
        <translation>Muster für Tensornamen</translation>
    </message>
    <message>
        <source>Tensors that match</source>
        <translation>Tensoren, die passen</translation>
    </message>
    <message>
        <source>* any text · ? one character · [0-4] one of a range · {a,b} either</source>
        <translation>* beliebiger Text · ? ein Zeichen · [0-4] eines aus einem Bereich · {a,b} eines von beiden</translation>
    </message>
    <message>
        <source>Add rule</source>
        <translation>Regel hinzufügen</translation>
    </message>
    <message>
        <source>&amp;Tensors</source>
        <translation>&amp;Tensoren</translation>
    </message>
    <message>
        <source>%1 of %2 tensors match</source>
        <translation>%1 von %2 Tensoren passen</translation>
    </message>
</context>
<context>
    <name>trilobit::Plot</name>
    <message>
        <source>%1 could not be written: %2</source>
        <translation>%1 konnte nicht geschrieben werden: %2</translation>
    </message>
    <message>
        <source>Show &amp;everything</source>
        <translation>Alles &amp;zeigen</translation>
    </message>
    <message>
        <source>&amp;Copy image</source>
        <translation>Bild &amp;kopieren</translation>
    </message>
    <message>
        <source>Save as &amp;PNG…</source>
        <translation>Als &amp;PNG speichern…</translation>
    </message>
    <message>
        <source>PNG image (*.png)</source>
        <translation>PNG-Bild (*.png)</translation>
    </message>
    <message>
        <source>Save as S&amp;VG…</source>
        <translation>Als S&amp;VG speichern…</translation>
    </message>
    <message>
        <source>SVG image (*.svg)</source>
        <translation>SVG-Bild (*.svg)</translation>
    </message>
    <message>
        <source>Copy the &amp;numbers</source>
        <translation>&amp;Zahlen kopieren</translation>
    </message>
    <message>
        <source>Save as P&amp;DF…</source>
        <translation>Als P&amp;DF speichern…</translation>
    </message>
    <message>
        <source>PDF (*.pdf)</source>
        <translation>PDF (*.pdf)</translation>
    </message>
    <message>
        <source>Save the numbers as C&amp;SV…</source>
        <translation>Zahlen als C&amp;SV speichern…</translation>
    </message>
    <message>
        <source>Comma-separated values (*.csv)</source>
        <translation>Mit Kommas getrennte Werte (*.csv)</translation>
    </message>
    <message>
        <source>Save plot</source>
        <translation>Diagramm speichern</translation>
    </message>
    <message>
        <source>the SVG could not be drawn</source>
        <translation>das SVG konnte nicht gezeichnet werden</translation>
    </message>
    <message>
        <source>the PDF could not be made in %1</source>
        <translation>das PDF konnte in %1 nicht erzeugt werden</translation>
    </message>
    <message>
        <source>%1: the name must end in .%2 or .csv</source>
        <translation>%1: Der Name muss auf .%2 oder .csv enden</translation>
    </message>
</context>
<context>
    <name>trilobit::PlotsPage</name>
    <message>
        <source>Saved %1</source>
        <translation>%1 gespeichert</translation>
    </message>
    <message>
        <source>Plot not saved</source>
        <translation>Diagramm nicht gespeichert</translation>
    </message>
    <message>
        <source>Plot</source>
        <translation>Diagramm</translation>
    </message>
    <message>
        <source>Quantiles against normal (Q–Q)</source>
        <translation>Quantile gegen normal (Q–Q)</translation>
    </message>
    <message>
        <source>Magnitude by row</source>
        <translation>Betrag nach Zeilen</translation>
    </message>
    <message>
        <source>Magnitude by column</source>
        <translation>Betrag nach Spalten</translation>
    </message>
    <message>
        <source>Original against quantized</source>
        <translation>Original gegen quantisiert</translation>
    </message>
    <message>
        <source>Spectrum of weights and error</source>
        <translation>Spektrum von Gewichten und Fehler</translation>
    </message>
    <message>
        <source>Kurtosis over all layers</source>
        <translation>Wölbung über alle Schichten</translation>
    </message>
    <message>
        <source>Outliers over all layers</source>
        <translation>Ausreißer über alle Schichten</translation>
    </message>
    <message>
        <source>Log &amp;x</source>
        <translation>Log &amp;x</translation>
    </message>
    <message>
        <source>Log &amp;y</source>
        <translation>Log &amp;y</translation>
    </message>
    <message>
        <source>Profile of %1</source>
        <translation>Profil von %1</translation>
    </message>
    <message>
        <source>Statistics of all tensors</source>
        <translation>Kennzahlen aller Tensoren</translation>
    </message>
    <message>
        <source>All layers</source>
        <translation>Alle Schichten</translation>
    </message>
    <message>
        <source>computing…</source>
        <translation>wird berechnet…</translation>
    </message>
    <message>
        <source>from %1 weights</source>
        <translation>aus %1 Gewichten</translation>
    </message>
    <message>
        <source>Open a model to see plots of its weights.</source>
        <translation>Öffnen Sie ein Modell, um Diagramme seiner Gewichte zu sehen.</translation>
    </message>
    <message>
        <source>Reading all tensors…</source>
        <translation>Alle Tensoren werden gelesen…</translation>
    </message>
    <message>
        <source>The statistics were not computed.</source>
        <translation>Die Kennzahlen wurden nicht berechnet.</translation>
    </message>
    <message>
        <source>Select a tensor on the left.</source>
        <translation>Wählen Sie links einen Tensor.</translation>
    </message>
    <message>
        <source>Computing…</source>
        <translation>Wird berechnet…</translation>
    </message>
    <message>
        <source>This tensor is kept as it is.
Choose a method and an encoding for it to compare both sides.</source>
        <translation>Dieser Tensor bleibt, wie er ist.
Wählen Sie eine Methode und eine Kodierung, um beide Seiten zu vergleichen.</translation>
    </message>
    <message>
        <source>Quantizing this tensor…</source>
        <translation>Dieser Tensor wird quantisiert…</translation>
    </message>
    <message>
        <source>Activations by channel</source>
        <translation>Aktivierungen je Kanal</translation>
    </message>
    <message>
        <source>&amp;Calibrate…</source>
        <translation>&amp;Kalibrieren…</translation>
    </message>
    <message>
        <source>Let the model read a text and note what goes into each of its matrices</source>
        <translation>Das Modell einen Text lesen lassen und festhalten, was in jede seiner Matrizen hineingeht</translation>
    </message>
    <message>
        <source>&amp;Open…</source>
        <translation>Öff&amp;nen…</translation>
    </message>
    <message>
        <source>Use a calibration that was made before, or an imatrix of llama.cpp</source>
        <translation>Eine früher gemachte Kalibrierung oder eine imatrix von llama.cpp verwenden</translation>
    </message>
    <message>
        <source>For&amp;get</source>
        <translation>&amp;Vergessen</translation>
    </message>
    <message>
        <source>Quantize without the calibration; its file stays</source>
        <translation>Ohne die Kalibrierung quantisieren; ihre Datei bleibt</translation>
    </message>
    <message>
        <source>at work…</source>
        <translation>in Arbeit…</translation>
    </message>
    <message>
        <source>, %1 tokens</source>
        <translation>, %1 Token</translation>
    </message>
    <message>
        <source>There is no calibration yet.
Press “Calibrate…” and choose a text for the model to read.</source>
        <translation>Es gibt noch keine Kalibrierung.
Drücken Sie „Kalibrieren…“ und wählen Sie einen Text, den das Modell lesen soll.</translation>
    </message>
    <message>
        <source>The calibration has nothing on this tensor: it is no matrix that the text went through.</source>
        <translation>Die Kalibrierung weiß nichts über diesen Tensor: Er ist keine Matrix, durch die der Text ging.</translation>
    </message>
</context>
<context>
    <name>trilobit::RawPromptDialog</name>
    <message>
        <source>What the models were given</source>
        <translation>Was die Modelle bekamen</translation>
    </message>
    <message>
        <source>Panes</source>
        <translation>Felder</translation>
    </message>
    <message>
        <source>Prompt given to %1</source>
        <translation>Eingabe für %1</translation>
    </message>
</context>
<context>
    <name>trilobit::SamplingPanel</name>
    <message>
        <source>&amp;Temperature</source>
        <translation>&amp;Temperatur</translation>
    </message>
    <message>
        <source>0 always takes the likeliest token (greedy): the first difference between two answers then comes from the weights alone. Higher values choose more freely.</source>
        <translation>0 nimmt immer das wahrscheinlichste Token (gierig): Der erste Unterschied zweier Antworten kommt dann allein von den Gewichten. Höhere Werte wählen freier.</translation>
    </message>
    <message>
        <source>off</source>
        <translation>aus</translation>
    </message>
    <message>
        <source>Top-&amp;k</source>
        <translation>Top-&amp;k</translation>
    </message>
    <message>
        <source>Only the k likeliest tokens can be chosen; 0 switches it off.</source>
        <translation>Nur die k wahrscheinlichsten Token können gewählt werden; 0 schaltet es ab.</translation>
    </message>
    <message>
        <source>Top-&amp;p</source>
        <translation>Top-&amp;p</translation>
    </message>
    <message>
        <source>Only the likeliest tokens that together reach this probability can be chosen; 1 switches it off.</source>
        <translation>Nur die wahrscheinlichsten Token, die zusammen diese Wahrscheinlichkeit erreichen, können gewählt werden; 1 schaltet es ab.</translation>
    </message>
    <message>
        <source>&amp;Min-p</source>
        <translation>&amp;Min-p</translation>
    </message>
    <message>
        <source>Leaves out tokens below this share of the likeliest one&apos;s probability; 0 switches it off.</source>
        <translation>Lässt Token unterhalb dieses Anteils an der Wahrscheinlichkeit des besten aus; 0 schaltet es ab.</translation>
    </message>
    <message>
        <source>&amp;Repetition penalty</source>
        <translation>&amp;Wiederholungsstrafe</translation>
    </message>
    <message>
        <source>Makes tokens of the last 64 less likely; 1 switches it off.</source>
        <translation>Macht Token der letzten 64 weniger wahrscheinlich; 1 schaltet es ab.</translation>
    </message>
    <message>
        <source>S&amp;eed</source>
        <translation>&amp;Startwert</translation>
    </message>
    <message>
        <source>The same seed gives the same choices again, in every pane.</source>
        <translation>Derselbe Startwert gibt in jedem Feld wieder dieselbe Wahl.</translation>
    </message>
    <message>
        <source>Ma&amp;x. tokens</source>
        <translation>Ma&amp;x. Token</translation>
    </message>
    <message>
        <source>An answer stops after this many tokens.</source>
        <translation>Nach so vielen Token endet eine Antwort.</translation>
    </message>
    <message>
        <source>S&amp;ystem prompt</source>
        <translation>S&amp;ystemprompt</translation>
    </message>
    <message>
        <source>System prompt</source>
        <translation>Systemprompt</translation>
    </message>
    <message>
        <source>Who the model should be. Empty: whatever its chat template says.</source>
        <translation>Wer das Modell sein soll. Leer: was seine Chatvorlage sagt.</translation>
    </message>
    <message>
        <source>temperature %1</source>
        <translation>Temperatur %1</translation>
    </message>
    <message>
        <source>seed %1</source>
        <translation>Startwert %1</translation>
    </message>
    <message>
        <source>greedy</source>
        <translation>gierig</translation>
    </message>
    <message>
        <source>repetition penalty %1</source>
        <translation>Wiederholungsstrafe %1</translation>
    </message>
    <message>
        <source>at most %1 tokens</source>
        <translation>höchstens %1 Token</translation>
    </message>
    <message>
        <source>fast</source>
        <translation>schnell</translation>
    </message>
    <message>
        <source>exact</source>
        <translation>genau</translation>
    </message>
    <message>
        <source>&amp;Arithmetic</source>
        <translation>Re&amp;chenweise</translation>
    </message>
    <message>
        <source>Fast rounds what goes through the layers to whole numbers of 8 bits, as other programs do; exact computes as the model defines it, as everywhere that something is measured, and is slower.</source>
        <translation>Schnell rundet, was durch die Schichten geht, auf ganze Zahlen von 8 Bit, wie andere Programme es tun; genau rechnet, wie das Modell es festlegt und wie überall, wo etwas gemessen wird, und ist langsamer.</translation>
    </message>
    <message>
        <source>exact arithmetic</source>
        <translation>genaue Rechenweise</translation>
    </message>
</context>
<context>
    <name>trilobit::SettingsDialog</name>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Colours of the window</source>
        <translation>Farben des Fensters</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>Wie das System</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <source>Language of the window</source>
        <translation>Sprache des Fensters</translation>
    </message>
    <message>
        <source>Size of text and controls</source>
        <translation>Größe von Text und Bedienung</translation>
    </message>
    <message>
        <source>Language and size change when the program starts again.</source>
        <translation>Sprache und Größe ändern sich, wenn das Programm neu startet.</translation>
    </message>
    <message>
        <source>&amp;Colours</source>
        <translation>&amp;Farben</translation>
    </message>
    <message>
        <source>&amp;Language</source>
        <translation>&amp;Sprache</translation>
    </message>
    <message>
        <source>&amp;Size of everything</source>
        <translation>&amp;Größe von allem</translation>
    </message>
</context>
<context>
    <name>trilobit::SharesPlot</name>
    <message>
        <source>Shares of −1, 0 and +1 per matrix</source>
        <translation>Anteile von −1, 0 und +1 je Matrix</translation>
    </message>
    <message>
        <source>−1</source>
        <translation>−1</translation>
    </message>
    <message>
        <source>0</source>
        <translation>0</translation>
    </message>
    <message>
        <source>+1</source>
        <translation>+1</translation>
    </message>
    <message>
        <source>block (bars: q, k, v, o, gate, up, down)</source>
        <translation>Block (Balken: q, k, v, o, Gate, auf, ab)</translation>
    </message>
    <message>
        <source>share of weights (%)</source>
        <translation>Anteil der Gewichte (%)</translation>
    </message>
    <message>
        <source>On average %1 % are −1, %2 % are 0, %3 % are +1</source>
        <translation>Im Mittel sind %1 % −1, %2 % 0 und %3 % +1</translation>
    </message>
    <message>
        <source>&lt;b&gt;%1&lt;/b&gt;&lt;br&gt;−1: %2 %&lt;br&gt;0: %3 %&lt;br&gt;+1: %4 %</source>
        <translation>&lt;b&gt;%1&lt;/b&gt;&lt;br&gt;−1: %2 %&lt;br&gt;0: %3 %&lt;br&gt;+1: %4 %</translation>
    </message>
</context>
<context>
    <name>trilobit::SpeedPage</name>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
    <message>
        <source>%1 (%2 to %3)</source>
        <translation>%1 (%2 bis %3)</translation>
    </message>
    <message>
        <source>tokens/s</source>
        <translation>Token/s</translation>
    </message>
    <message>
        <source>Single tokens, one after the other, as in a chat: median, lowest and highest of %1 rounds.</source>
        <translation>Einzelne Token nacheinander, wie im Gespräch: Median, kleinster und größter Wert aus %1 Runden.</translation>
    </message>
    <message>
        <source>prompt tokens/s</source>
        <translation>Token/s der Eingabe</translation>
    </message>
    <message>
        <source>A prompt read in one go: median, lowest and highest.</source>
        <translation>Eine Eingabe, in einem Zug gelesen: Median, kleinster und größter Wert.</translation>
    </message>
    <message>
        <source>first token after</source>
        <translation>erstes Token nach</translation>
    </message>
    <message>
        <source>Reading the prompt until the first token is known.</source>
        <translation>Lesen der Eingabe, bis das erste Token feststeht.</translation>
    </message>
    <message>
        <source>of the memory&apos;s speed</source>
        <translation>vom Tempo des Speichers</translation>
    </message>
    <message>
        <source>Weights, keys and values read per second for single tokens, as a share of what this machine was just measured to read. Near 100 % only fewer bytes make it faster.</source>
        <translation>Gewichte, Schlüssel und Werte, die je Sekunde für einzelne Token gelesen werden, als Anteil dessen, was dieser Rechner eben gemessen lesen kann. Nahe 100 % machen es nur noch weniger Bytes schneller.</translation>
    </message>
    <message>
        <source>weights per token</source>
        <translation>Gewichte je Token</translation>
    </message>
    <message>
        <source>Bytes of weights that are read for one token. Keys and values come on top.</source>
        <translation>Bytes der Gewichte, die für ein Token gelesen werden. Schlüssel und Werte kommen hinzu.</translation>
    </message>
    <message>
        <source>memory</source>
        <translation>Speicher</translation>
    </message>
    <message>
        <source>Weights held or mapped, and the cache of keys and values.</source>
        <translation>Gehaltene oder eingeblendete Gewichte und der Speicher der Schlüssel und Werte.</translation>
    </message>
    <message>
        <source>energy per token</source>
        <translation>Energie je Token</translation>
    </message>
    <message>
        <source>As the processor counts it (RAPL). Many systems keep this for the administrator.</source>
        <translation>Wie der Prozessor sie zählt (RAPL). Viele Systeme zeigen das nur dem Verwalter.</translation>
    </message>
    <message>
        <source>threads</source>
        <translation>Threads</translation>
    </message>
    <message>
        <source>That work on one token.</source>
        <translation>Die an einem Token arbeiten.</translation>
    </message>
    <message>
        <source>Saved %1</source>
        <translation>%1 gespeichert</translation>
    </message>
    <message>
        <source>Plot not saved</source>
        <translation>Diagramm nicht gespeichert</translation>
    </message>
    <message>
        <source>Which code runs each matrix</source>
        <translation>Welcher Code welche Matrix rechnet</translation>
    </message>
    <message>
        <source>Model to measure</source>
        <translation>Modell, das gemessen wird</translation>
    </message>
    <message>
        <source>Original</source>
        <translation>Original</translation>
    </message>
    <message>
        <source>Quantized</source>
        <translation>Quantisiert</translation>
    </message>
    <message>
        <source>Arithmetic</source>
        <translation>Rechenweise</translation>
    </message>
    <message>
        <source>Fast</source>
        <translation>Schnell</translation>
    </message>
    <message>
        <source>Exact</source>
        <translation>Genau</translation>
    </message>
    <message>
        <source>Fast rounds activations to 8 bits per block, as the chat does; exact computes as perplexity is measured.</source>
        <translation>Schnell rundet Aktivierungen blockweise auf 8 Bit, wie im Gespräch; genau rechnet so, wie Perplexität gemessen wird.</translation>
    </message>
    <message>
        <source>Tokens of the prompt</source>
        <translation>Token der Eingabe</translation>
    </message>
    <message>
        <source>Tokens written in each round</source>
        <translation>Token, die je Runde geschrieben werden</translation>
    </message>
    <message>
        <source>Tokens that stand in the context already when writing starts</source>
        <translation>Token, die schon im Kontext stehen, wenn das Schreiben beginnt</translation>
    </message>
    <message>
        <source>&amp;Prompt</source>
        <translation>&amp;Eingabe</translation>
    </message>
    <message>
        <source>&amp;Written</source>
        <translation>&amp;Geschrieben</translation>
    </message>
    <message>
        <source>&amp;After</source>
        <translation>&amp;Nach</translation>
    </message>
    <message>
        <source>&amp;Stop</source>
        <translation>An&amp;halten</translation>
    </message>
    <message>
        <source>&amp;Measure</source>
        <translation>&amp;Messen</translation>
    </message>
    <message>
        <source>There is no quantized model yet: choose a recipe and press Quantize.</source>
        <translation>Es gibt noch kein quantisiertes Modell: wählen Sie ein Rezept und drücken Sie Quantisieren.</translation>
    </message>
    <message>
        <source>measuring; other work on this computer makes the numbers smaller</source>
        <translation>misst; andere Arbeit auf diesem Rechner macht die Zahlen kleiner</translation>
    </message>
    <message>
        <source>Tensor</source>
        <translation>Tensor</translation>
    </message>
    <message>
        <source>Encoding</source>
        <translation>Kodierung</translation>
    </message>
    <message>
        <source>Kernel</source>
        <translation>Kernel</translation>
    </message>
    <message>
        <source>Press “Measure” to see how fast this model runs here
and where the time of a token goes.</source>
        <translation>Drücken Sie „Messen“, um zu sehen, wie schnell dieses Modell hier läuft
und wohin die Zeit eines Tokens geht.</translation>
    </message>
    <message>
        <source>Open a model to measure its speed.</source>
        <translation>Öffnen Sie ein Modell, um sein Tempo zu messen.</translation>
    </message>
    <message>
        <source>Measure the speed</source>
        <translation>Tempo messen</translation>
    </message>
    <message>
        <source>Stopped.</source>
        <translation>Angehalten.</translation>
    </message>
    <message>
        <source>%1 + %2</source>
        <translation>%1 + %2</translation>
    </message>
    <message>
        <source>not available</source>
        <translation>nicht verfügbar</translation>
    </message>
    <message>
        <source>%1 mJ</source>
        <translation>%1 mJ</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>µs per token</source>
        <translation>µs je Token</translation>
    </message>
    <message>
        <source>part and block</source>
        <translation>Teil und Block</translation>
    </message>
    <message>
        <source>attention</source>
        <translation>Aufmerksamkeit</translation>
    </message>
    <message>
        <source>feed-forward</source>
        <translation>Feed-Forward</translation>
    </message>
    <message>
        <source>output</source>
        <translation>Ausgabe</translation>
    </message>
    <message>
        <source>&lt;b&gt;%1&lt;/b&gt;&lt;br&gt;%2 µs</source>
        <translation>&lt;b&gt;%1&lt;/b&gt;&lt;br&gt;%2 µs</translation>
    </message>
    <message>
        <source>attention of block %1</source>
        <translation>Aufmerksamkeit von Block %1</translation>
    </message>
    <message>
        <source>feed-forward of block %1</source>
        <translation>Feed-Forward von Block %1</translation>
    </message>
    <message>
        <source>output matrix</source>
        <translation>Ausgabematrix</translation>
    </message>
    <message>
        <source>over 100 %, from the caches</source>
        <translation>über 100 %, aus dem Cache</translation>
    </message>
</context>
<context>
    <name>trilobit::TensorTreeModel</name>
    <message>
        <source>Embedding</source>
        <translation>Einbettung</translation>
    </message>
    <message>
        <source>Output</source>
        <translation>Ausgabe</translation>
    </message>
    <message>
        <source>Attention: queries</source>
        <translation>Attention: Queries</translation>
    </message>
    <message>
        <source>Attention: keys</source>
        <translation>Attention: Keys</translation>
    </message>
    <message>
        <source>Attention: values</source>
        <translation>Attention: Values</translation>
    </message>
    <message>
        <source>Attention: output</source>
        <translation>Attention: Ausgabe</translation>
    </message>
    <message>
        <source>Feed-forward: gate</source>
        <translation>Feed-forward: Gate</translation>
    </message>
    <message>
        <source>Feed-forward: up</source>
        <translation>Feed-forward: auf</translation>
    </message>
    <message>
        <source>Feed-forward: down</source>
        <translation>Feed-forward: ab</translation>
    </message>
    <message>
        <source>Norms</source>
        <translation>Normen</translation>
    </message>
    <message>
        <source>Biases</source>
        <translation>Bias</translation>
    </message>
    <message>
        <source>Other</source>
        <translation>Übrige</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Block %1</source>
        <translation>Block %1</translation>
    </message>
    <message>
        <source>mixed</source>
        <translation>gemischt</translation>
    </message>
    <message>
        <source>keep</source>
        <translation>behalten</translation>
    </message>
    <message>
        <source>&lt; 0.1 %</source>
        <translation>&lt; 0,1 %</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
    <message>
        <source>Refused: %1</source>
        <translation>Abgelehnt: %1</translation>
    </message>
    <message>
        <source>Norms, biases and other vectors stay as they are: they are tiny and the result depends on them.</source>
        <translation>Normen, Bias und andere Vektoren bleiben, wie sie sind: Sie sind winzig, und das Ergebnis hängt an ihnen.</translation>
    </message>
    <message>
        <source>Kept as it is in the source.</source>
        <translation>Bleibt wie in der Quelle.</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation>%1 (%2)</translation>
    </message>
    <message>
        <source>Signal to quantization noise: how many decibels the weights stand above the rounding error. Every 6 dB halve the error.</source>
        <translation>Signal zu Quantisierungsrauschen: wie viele Dezibel die Gewichte über dem Rundungsfehler stehen. Je 6 dB halbiert sich der Fehler.</translation>
    </message>
    <message>
        <source>%1, refused: %2</source>
        <translation>%1, abgelehnt: %2</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Blocks and tensors in the order of the file</source>
        <translation>Blöcke und Tensoren in der Reihenfolge der Datei</translation>
    </message>
    <message>
        <source>Shape</source>
        <translation>Form</translation>
    </message>
    <message>
        <source>Output features × input features; groups: number of weights</source>
        <translation>Ausgaben × Eingaben; bei Gruppen: Zahl der Gewichte</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>Quelle</translation>
    </message>
    <message>
        <source>Encoding in the opened file</source>
        <translation>Kodierung in der geöffneten Datei</translation>
    </message>
    <message>
        <source>Method</source>
        <translation>Methode</translation>
    </message>
    <message>
        <source>How values are chosen. Press F2 or double-click to change</source>
        <translation>Wie Werte gewählt werden. F2 oder Doppelklick ändert es</translation>
    </message>
    <message>
        <source>Encoding</source>
        <translation>Kodierung</translation>
    </message>
    <message>
        <source>How values are stored. Press F2 or double-click to change</source>
        <translation>Wie Werte gespeichert werden. F2 oder Doppelklick ändert es</translation>
    </message>
    <message>
        <source>Bits/w</source>
        <translation>Bit/G</translation>
    </message>
    <message>
        <source>Bits per weight after quantizing, scales included</source>
        <translation>Bit je Gewicht nach dem Quantisieren, mit Skalen</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>Vorher</translation>
    </message>
    <message>
        <source>Bytes in the opened file</source>
        <translation>Bytes in der geöffneten Datei</translation>
    </message>
    <message>
        <source>After</source>
        <translation>Nachher</translation>
    </message>
    <message>
        <source>Bytes after quantizing</source>
        <translation>Bytes nach dem Quantisieren</translation>
    </message>
    <message>
        <source>SQNR</source>
        <translation>SQNR</translation>
    </message>
    <message>
        <source>Signal to quantization noise in dB, measured when quantizing</source>
        <translation>Signal zu Quantisierungsrauschen in dB, beim Quantisieren gemessen</translation>
    </message>
    <message>
        <source>Error share</source>
        <translation>Fehleranteil</translation>
    </message>
    <message>
        <source>Part of the squared error of all tensors together: who hurts most</source>
        <translation>Teil des quadratischen Fehlers aller Tensoren: wer am meisten schmerzt</translation>
    </message>
    <message>
        <source>Attention: queries, keys and values</source>
        <translation>Attention: Queries, Keys und Values</translation>
    </message>
    <message>
        <source>Feed-forward: gate and up</source>
        <translation>Feed-forward: Gate und auf</translation>
    </message>
    <message>
        <source>Feed-forward: choice of experts</source>
        <translation>Feed-forward: Wahl der Experten</translation>
    </message>
</context>
<context>
    <name>trilobit::TensorsPage</name>
    <message>
        <source>Filter: ffn, Q4_1, blk.*.attn_* …</source>
        <translation>Filter: ffn, Q4_1, blk.*.attn_* …</translation>
    </message>
    <message>
        <source>Filter tensors</source>
        <translation>Tensoren filtern</translation>
    </message>
    <message>
        <source>Words from name, role, method or encoding. A word with * or ? is a pattern for the name.</source>
        <translation>Wörter aus Name, Rolle, Methode oder Kodierung. Ein Wort mit * oder ? ist ein Muster für den Namen.</translation>
    </message>
    <message>
        <source>Arrangement of the tensors</source>
        <translation>Anordnung der Tensoren</translation>
    </message>
    <message>
        <source>By block</source>
        <translation>Nach Block</translation>
    </message>
    <message>
        <source>By role</source>
        <translation>Nach Rolle</translation>
    </message>
    <message>
        <source>Flat list</source>
        <translation>Flache Liste</translation>
    </message>
    <message>
        <source>No model is open</source>
        <translation>Kein Modell ist offen</translation>
    </message>
    <message>
        <source>Open a GGUF or safetensors file, or a model folder.</source>
        <translation>Öffnen Sie eine GGUF- oder safetensors-Datei oder einen Modellordner.</translation>
    </message>
    <message>
        <source>Tensors of the model</source>
        <translation>Tensoren des Modells</translation>
    </message>
    <message>
        <source>Set method and encoding…</source>
        <translation>Methode und Kodierung setzen…</translation>
    </message>
    <message>
        <source>Ctrl+M</source>
        <translation>Ctrl+M</translation>
    </message>
    <message>
        <source>Keep as it is</source>
        <translation>So lassen</translation>
    </message>
    <message>
        <source>Ctrl+Backspace</source>
        <translation>Ctrl+Backspace</translation>
    </message>
    <message>
        <source>Apply by pattern…</source>
        <translation>Nach Muster anwenden…</translation>
    </message>
    <message>
        <source>Ctrl+P</source>
        <translation>Ctrl+P</translation>
    </message>
    <message>
        <source>What else could this be?…</source>
        <translation>Was könnte das noch sein?…</translation>
    </message>
    <message>
        <source>Ctrl+J</source>
        <translation>Ctrl+J</translation>
    </message>
    <message>
        <source>Copy as rules</source>
        <translation>Als Regeln kopieren</translation>
    </message>
    <message>
        <source>Ctrl+Shift+C</source>
        <translation>Ctrl+Shift+C</translation>
    </message>
    <message>
        <source>Method of %1 tensors</source>
        <translation>Methode von %1 Tensoren</translation>
    </message>
    <message>
        <source>Encoding of %1 tensors</source>
        <translation>Kodierung von %1 Tensoren</translation>
    </message>
    <message>
        <source>Copy names</source>
        <translation>Namen kopieren</translation>
    </message>
    <message>
        <source>Expand all</source>
        <translation>Alle aufklappen</translation>
    </message>
    <message>
        <source>Collapse blocks</source>
        <translation>Blöcke zuklappen</translation>
    </message>
    <message>
        <source>Select weight matrices first.</source>
        <translation>Wählen Sie zuerst Gewichtsmatrizen.</translation>
    </message>
    <message>
        <source>Select a weight matrix first.</source>
        <translation>Wählen Sie zuerst eine Gewichtsmatrix.</translation>
    </message>
    <message numerus="yes">
        <source>Copied %n rule(s)</source>
        <translation>
            <numerusform>%n Regel kopiert</numerusform>
            <numerusform>%n Regeln kopiert</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 tensors</source>
        <translation>%1 Tensoren</translation>
    </message>
    <message>
        <source>%1 of %2 selected · %3 weights · %4 → %5</source>
        <translation>%1 von %2 gewählt · %3 Gewichte · %4 → %5</translation>
    </message>
</context>
<context>
    <name>trilobit::TrainPage</name>
    <message>
        <source>Saved %1</source>
        <translation>%1 gespeichert</translation>
    </message>
    <message>
        <source>Plot not saved</source>
        <translation>Diagramm nicht gespeichert</translation>
    </message>
    <message>
        <source>Settings or run</source>
        <translation>Einstellungen oder Lauf</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>Lauf</translation>
    </message>
    <message>
        <source>Progress of the training</source>
        <translation>Fortschritt des Trainings</translation>
    </message>
    <message>
        <source>&amp;Pause</source>
        <translation>&amp;Pause</translation>
    </message>
    <message>
        <source>Waits after the current step; a checkpoint is written first.</source>
        <translation>Wartet nach dem laufenden Schritt; zuerst wird ein Sicherungspunkt geschrieben.</translation>
    </message>
    <message>
        <source>Stop and &amp;keep</source>
        <translation>Anhalten und &amp;behalten</translation>
    </message>
    <message>
        <source>Stop and keep</source>
        <translation>Anhalten und behalten</translation>
    </message>
    <message>
        <source>Ends after the current step and writes checkpoint and model. The run can be resumed later.</source>
        <translation>Endet nach dem laufenden Schritt und schreibt Sicherungspunkt und Modell. Der Lauf kann später fortgesetzt werden.</translation>
    </message>
    <message>
        <source>&amp;Open the model</source>
        <translation>Modell ö&amp;ffnen</translation>
    </message>
    <message>
        <source>Open the trained model</source>
        <translation>Das trainierte Modell öffnen</translation>
    </message>
    <message>
        <source>Opens the model that this run wrote, to look at it and to chat with it.</source>
        <translation>Öffnet das Modell, das dieser Lauf geschrieben hat, um es anzusehen und mit ihm zu chatten.</translation>
    </message>
    <message>
        <source>The folder %1 cannot be made.</source>
        <translation>Der Ordner %1 lässt sich nicht anlegen.</translation>
    </message>
    <message>
        <source>%1 steps</source>
        <translation>%1 Schritte</translation>
    </message>
    <message>
        <source>Stopped after %1. Checkpoint and model are in %2; Resume goes on from there.</source>
        <translation>Angehalten nach: %1. Sicherungspunkt und Modell sind in %2; Fortsetzen macht dort weiter.</translation>
    </message>
    <message>
        <source>Trained %1. Model, checkpoint and curves are in %2.</source>
        <translation>Trainiert: %1. Modell, Sicherungspunkt und Kurven sind in %2.</translation>
    </message>
    <message>
        <source>Stopped before the first step: there was nothing to keep.</source>
        <translation>Vor dem ersten Schritt angehalten: Es gab nichts zu behalten.</translation>
    </message>
    <message>
        <source>The last checkpoint is kept in %1.</source>
        <translation>Der letzte Sicherungspunkt bleibt in %1.</translation>
    </message>
    <message>
        <source>stopping and keeping…</source>
        <translation>hält an und behält…</translation>
    </message>
    <message>
        <source>will pause before the first step</source>
        <translation>hält vor dem ersten Schritt inne</translation>
    </message>
    <message>
        <source>paused at step %1</source>
        <translation>Pause bei Schritt %1</translation>
    </message>
    <message>
        <source>starting…</source>
        <translation>beginnt…</translation>
    </message>
    <message>
        <source>stopped at step %1</source>
        <translation>angehalten bei Schritt %1</translation>
    </message>
    <message>
        <source>done</source>
        <translation>fertig</translation>
    </message>
    <message>
        <source>ended with an error at step %1</source>
        <translation>bei Schritt %1 mit einem Fehler beendet</translation>
    </message>
    <message>
        <source>&amp;Go on</source>
        <translation>&amp;Weiter</translation>
    </message>
    <message>
        <source>Go on training</source>
        <translation>Weiter trainieren</translation>
    </message>
    <message>
        <source>Pause training</source>
        <translation>Training unterbrechen</translation>
    </message>
</context>
<context>
    <name>trilobit::TrainSetup</name>
    <message>
        <source>Choose a folder: %1</source>
        <translation>Ordner wählen: %1</translation>
    </message>
    <message>
        <source>Choose a file: %1</source>
        <translation>Datei wählen: %1</translation>
    </message>
    <message>
        <source>Choose a folder…</source>
        <translation>Ordner wählen…</translation>
    </message>
    <message>
        <source>Choose a file…</source>
        <translation>Datei wählen…</translation>
    </message>
    <message>
        <source>Hidden si&amp;ze</source>
        <translation>&amp;Breite</translation>
    </message>
    <message>
        <source>Numbers per token inside the model. A multiple of 256 lets every ternary encoding store it.</source>
        <translation>Zahlen je Token im Inneren des Modells. Ein Vielfaches von 256 lässt jede ternäre Kodierung sie speichern.</translation>
    </message>
    <message>
        <source>&amp;Layers</source>
        <translation>&amp;Schichten</translation>
    </message>
    <message>
        <source>Blocks of attention and feed-forward, one after the other.</source>
        <translation>Blöcke aus Attention und Feed-forward, einer nach dem anderen.</translation>
    </message>
    <message>
        <source>Attention h&amp;eads</source>
        <translation>Attention-&amp;Köpfe</translation>
    </message>
    <message>
        <source>The hidden size divided by the heads must be even.</source>
        <translation>Die Breite geteilt durch die Köpfe muss gerade sein.</translation>
    </message>
    <message>
        <source>&amp;KV heads</source>
        <translation>K&amp;V-Köpfe</translation>
    </message>
    <message>
        <source>Fewer than the attention heads make the memory of a chat smaller. Must divide them.</source>
        <translation>Weniger als Attention-Köpfe machen den Speicher eines Chats kleiner. Ihre Zahl muss jene teilen.</translation>
    </message>
    <message>
        <source>&amp;Feed-forward size</source>
        <translation>&amp;Feed-forward-Breite</translation>
    </message>
    <message>
        <source>Width of the middle of each feed-forward part.</source>
        <translation>Breite der Mitte jedes Feed-forward-Teils.</translation>
    </message>
    <message>
        <source>&amp;Vocabulary</source>
        <translation>V&amp;okabular</translation>
    </message>
    <message>
        <source>Tokens that are learned from the data. A small text may give fewer.</source>
        <translation>Token, die aus den Daten gelernt werden. Ein kleiner Text gibt vielleicht weniger her.</translation>
    </message>
    <message>
        <source>Where the data comes from</source>
        <translation>Woher die Daten kommen</translation>
    </message>
    <message>
        <source>Made-up talks and stories</source>
        <translation>Erdachte Gespräche und Geschichten</translation>
    </message>
    <message>
        <source>A file of mine</source>
        <translation>Eine eigene Datei</translation>
    </message>
    <message>
        <source>Made-up talks are written by the program itself: simple English, no file needed.</source>
        <translation>Erdachte Gespräche schreibt das Programm selbst: einfaches Englisch, keine Datei nötig.</translation>
    </message>
    <message>
        <source>&amp;Talks</source>
        <translation>&amp;Gespräche</translation>
    </message>
    <message>
        <source>Conversations of two to six turns, and a page of small sums for every four of them. Measured on others that training never sees.</source>
        <translation>Unterhaltungen von zwei bis sechs Beiträgen, und auf je vier davon eine Seite kleiner Rechnungen. Gemessen wird an anderen, die das Training nie sieht.</translation>
    </message>
    <message>
        <source>Stor&amp;ies</source>
        <translation>Ge&amp;schichten</translation>
    </message>
    <message>
        <source>Short stories beside the talks.</source>
        <translation>Kurze Geschichten neben den Gesprächen.</translation>
    </message>
    <message>
        <source>A text (.txt, documents between blank lines) or chats (.jsonl, one a line).</source>
        <translation>Ein Text (.txt, Dokumente zwischen Leerzeilen) oder Chats (.jsonl, einer je Zeile).</translation>
    </message>
    <message>
        <source>Data</source>
        <translation>Daten</translation>
    </message>
    <message>
        <source>&amp;Data</source>
        <translation>&amp;Daten</translation>
    </message>
    <message>
        <source>.txt or .jsonl</source>
        <translation>.txt oder .jsonl</translation>
    </message>
    <message>
        <source>Held-out data</source>
        <translation>Zurückgehaltene Daten</translation>
    </message>
    <message>
        <source>Only measured on, never trained on. May be left out.</source>
        <translation>Nur zum Messen, nie zum Trainieren. Kann wegbleiben.</translation>
    </message>
    <message>
        <source>Held o&amp;ut</source>
        <translation>Z&amp;urückgehalten</translation>
    </message>
    <message>
        <source>optional</source>
        <translation>wahlweise</translation>
    </message>
    <message>
        <source>Settings of the training</source>
        <translation>Einstellungen des Trainings</translation>
    </message>
    <message>
        <source>What to train</source>
        <translation>Was trainiert wird</translation>
    </message>
    <message>
        <source>Open model: %1</source>
        <translation>Geöffnetes Modell: %1</translation>
    </message>
    <message>
        <source>New model: %1</source>
        <translation>Neues Modell: %1</translation>
    </message>
    <message>
        <source>Budget</source>
        <translation>Budget</translation>
    </message>
    <message>
        <source>Length of the run</source>
        <translation>Länge des Laufs</translation>
    </message>
    <message>
        <source>With minutes, the number of steps follows from the speed of the first ones.</source>
        <translation>Bei Minuten folgt die Zahl der Schritte aus der Geschwindigkeit der ersten.</translation>
    </message>
    <message>
        <source>Unit of the length</source>
        <translation>Einheit der Länge</translation>
    </message>
    <message>
        <source>minutes</source>
        <translation>Minuten</translation>
    </message>
    <message>
        <source>steps</source>
        <translation>Schritte</translation>
    </message>
    <message>
        <source>Len&amp;gth</source>
        <translation>&amp;Länge</translation>
    </message>
    <message>
        <source>&amp;Rows per step</source>
        <translation>&amp;Zeilen je Schritt</translation>
    </message>
    <message>
        <source>Batch: rows that are learned from together. More need more memory.</source>
        <translation>Stapel: Zeilen, aus denen zusammen gelernt wird. Mehr brauchen mehr Speicher.</translation>
    </message>
    <message>
        <source>Tokens per ro&amp;w</source>
        <translation>To&amp;ken je Zeile</translation>
    </message>
    <message>
        <source>Longer rows teach longer connections and cost more.</source>
        <translation>Längere Zeilen lehren längere Zusammenhänge und kosten mehr.</translation>
    </message>
    <message>
        <source>&amp;Peak learning rate</source>
        <translation>&amp;Höchste Lernrate</translation>
    </message>
    <message>
        <source>Reached after the warm-up; from there it falls. Too high: the loss jumps or is no number any more.</source>
        <translation>Nach dem Anlauf erreicht; von da an fällt sie. Zu hoch: Der Verlust springt oder ist keine Zahl mehr.</translation>
    </message>
    <message>
        <source>See&amp;d</source>
        <translation>Sta&amp;rtwert</translation>
    </message>
    <message>
        <source>Start weights, order of the data and the made-up talks. The same seed repeats a run.</source>
        <translation>Anfangsgewichte, Reihenfolge der Daten und die erdachten Gespräche. Derselbe Startwert wiederholt einen Lauf.</translation>
    </message>
    <message>
        <source>Looks on the way</source>
        <translation>Blicke unterwegs</translation>
    </message>
    <message>
        <source>never</source>
        <translation>nie</translation>
    </message>
    <message>
        <source> steps</source>
        <translation> Schritte</translation>
    </message>
    <message>
        <source>&amp;Measure every</source>
        <translation>&amp;Messen alle</translation>
    </message>
    <message>
        <source>Held-out loss and shares of −1, 0, +1. Each look takes a moment of its own.</source>
        <translation>Zurückgehaltener Verlust und Anteile von −1, 0, +1. Jeder Blick braucht einen Augenblick.</translation>
    </message>
    <message>
        <source>S&amp;ample every</source>
        <translation>&amp;Probe alle</translation>
    </message>
    <message>
        <source>Lets the model of the moment answer the prompt below.</source>
        <translation>Lässt das Modell des Augenblicks auf den Prompt unten antworten.</translation>
    </message>
    <message>
        <source>Sample prom&amp;pt</source>
        <translation>Probepro&amp;mpt</translation>
    </message>
    <message>
        <source>What the model is asked, as a user would in a chat.</source>
        <translation>Was das Modell gefragt wird, wie ein Mensch im Chat es täte.</translation>
    </message>
    <message>
        <source>Output</source>
        <translation>Ausgabe</translation>
    </message>
    <message>
        <source>Output folder</source>
        <translation>Ausgabeordner</translation>
    </message>
    <message>
        <source>Checkpoint, model, curves and made-up data go here. A folder with a checkpoint can be resumed.</source>
        <translation>Hierher kommen Sicherungspunkt, Modell, Kurven und erdachte Daten. Ein Ordner mit Sicherungspunkt kann fortgesetzt werden.</translation>
    </message>
    <message>
        <source>parameters</source>
        <translation>Parameter</translation>
    </message>
    <message>
        <source>Weights of the model.</source>
        <translation>Gewichte des Modells.</translation>
    </message>
    <message>
        <source>as F16</source>
        <translation>als F16</translation>
    </message>
    <message>
        <source>Size of the tensors with 16 bits per weight.</source>
        <translation>Größe der Tensoren mit 16 Bit je Gewicht.</translation>
    </message>
    <message>
        <source>result</source>
        <translation>Ergebnis</translation>
    </message>
    <message>
        <source>Size of the tensors as the run will write them. Embedding and norms stay floats.</source>
        <translation>Größe der Tensoren, wie der Lauf sie schreiben wird. Einbettung und Normen bleiben Gleitkommazahlen.</translation>
    </message>
    <message>
        <source>memory</source>
        <translation>Speicher</translation>
    </message>
    <message>
        <source>Weights, gradients, optimizer and activations. Data and vocabulary come on top.</source>
        <translation>Gewichte, Gradienten, Optimierer und Aktivierungen. Daten und Vokabular kommen dazu.</translation>
    </message>
    <message>
        <source>tokens</source>
        <translation>Token</translation>
    </message>
    <message>
        <source>Rows × tokens per row × steps.</source>
        <translation>Zeilen × Token je Zeile × Schritte.</translation>
    </message>
    <message>
        <source>&amp;Start training</source>
        <translation>&amp;Training beginnen</translation>
    </message>
    <message>
        <source>Start training</source>
        <translation>Training beginnen</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>Fortsetzen</translation>
    </message>
    <message>
        <source>Resume the run in the output folder</source>
        <translation>Den Lauf im Ausgabeordner fortsetzen</translation>
    </message>
    <message>
        <source>Goes on from the checkpoint in the output folder, with the settings that run was started with.</source>
        <translation>Fährt am Sicherungspunkt im Ausgabeordner fort, mit den Einstellungen, mit denen der Lauf begann.</translation>
    </message>
    <message>
        <source>Training data</source>
        <translation>Trainingsdaten</translation>
    </message>
    <message>
        <source>Texts and chats (*.txt *.jsonl);;All files (*)</source>
        <translation>Texte und Chats (*.txt *.jsonl);;Alle Dateien (*)</translation>
    </message>
    <message>
        <source>Train %1</source>
        <translation>%1 trainieren</translation>
    </message>
    <message>
        <source>This starts from the open model: open one first.</source>
        <translation>Dies geht vom geöffneten Modell aus: Öffnen Sie zuerst eines.</translation>
    </message>
    <message>
        <source>Choose a file with data.</source>
        <translation>Wählen Sie eine Datei mit Daten.</translation>
    </message>
    <message>
        <source>Choose an output folder.</source>
        <translation>Wählen Sie einen Ausgabeordner.</translation>
    </message>
    <message>
        <source>This folder holds a run: resume it, or choose another folder for a new one.</source>
        <translation>In diesem Ordner liegt ein Lauf: Setzen Sie ihn fort oder wählen Sie für einen neuen einen anderen Ordner.</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation>%1 (%2)</translation>
    </message>
    <message>
        <source>about %1</source>
        <translation>etwa %1</translation>
    </message>
    <message>
        <source>known after the first steps</source>
        <translation>nach den ersten Schritten bekannt</translation>
    </message>
</context>
<context>
    <name>trilobit::TrainView</name>
    <message>
        <source>No run yet</source>
        <translation>Noch kein Lauf</translation>
    </message>
    <message>
        <source>Choose what to train, on what and for how long, then press “Start training”. Curves, the shares of −1, 0 and +1, the weights and samples of what the model says appear here.</source>
        <translation>Wählen Sie, was womit und wie lange trainiert wird, und drücken Sie „Training beginnen“. Kurven, die Anteile von −1, 0 und +1, die Gewichte und Proben dessen, was das Modell sagt, erscheinen hier.</translation>
    </message>
    <message>
        <source>step</source>
        <translation>Schritt</translation>
    </message>
    <message>
        <source>One step learns from one batch.</source>
        <translation>Ein Schritt lernt aus einem Stapel.</translation>
    </message>
    <message>
        <source>loss</source>
        <translation>Verlust</translation>
    </message>
    <message>
        <source>held-out perplexity</source>
        <translation>zurückgehaltene Perplexität</translation>
    </message>
    <message>
        <source>On data that is never trained on: between how many tokens the model is undecided.</source>
        <translation>An Daten, mit denen nie trainiert wird: zwischen wie vielen Token das Modell schwankt.</translation>
    </message>
    <message>
        <source>speed</source>
        <translation>Tempo</translation>
    </message>
    <message>
        <source>Tokens learned from per second, measured over the last seconds.</source>
        <translation>Gelernte Token je Sekunde, über die letzten Sekunden gemessen.</translation>
    </message>
    <message>
        <source>left</source>
        <translation>Rest</translation>
    </message>
    <message>
        <source>At the speed of the last seconds, without looks and samples.</source>
        <translation>Beim Tempo der letzten Sekunden, ohne Blicke und Proben.</translation>
    </message>
    <message>
        <source>learning rate</source>
        <translation>Lernrate</translation>
    </message>
    <message>
        <source>Rises during the warm-up, then falls.</source>
        <translation>Steigt im Anlauf, fällt danach.</translation>
    </message>
    <message>
        <source>gradient norm</source>
        <translation>Gradientennorm</translation>
    </message>
    <message>
        <source>Length of the whole gradient before it is clipped. Sudden peaks announce trouble.</source>
        <translation>Länge des ganzen Gradienten vor dem Kappen. Plötzliche Spitzen kündigen Ärger an.</translation>
    </message>
    <message>
        <source>data</source>
        <translation>Daten</translation>
    </message>
    <message>
        <source>Tokens of the training data. When a run sees more than this, it repeats them.</source>
        <translation>Token der Trainingsdaten. Sieht ein Lauf mehr als diese, wiederholt er sie.</translation>
    </message>
    <message>
        <source>Looks at the run</source>
        <translation>Blicke auf den Lauf</translation>
    </message>
    <message>
        <source>Curves</source>
        <translation>Kurven</translation>
    </message>
    <message>
        <source>Three values</source>
        <translation>Drei Werte</translation>
    </message>
    <message>
        <source>Weights</source>
        <translation>Gewichte</translation>
    </message>
    <message>
        <source>Samples</source>
        <translation>Proben</translation>
    </message>
    <message>
        <source>loss of each step</source>
        <translation>Verlust jedes Schritts</translation>
    </message>
    <message>
        <source>smoothed</source>
        <translation>geglättet</translation>
    </message>
    <message>
        <source>held out</source>
        <translation>zurückgehalten</translation>
    </message>
    <message>
        <source>loss (nats per token)</source>
        <translation>Verlust (Nat je Token)</translation>
    </message>
    <message>
        <source>Loss over the steps</source>
        <translation>Verlust über die Schritte</translation>
    </message>
    <message>
        <source>learning rate (right)</source>
        <translation>Lernrate (rechts)</translation>
    </message>
    <message>
        <source>Gradient norm and learning rate over the steps</source>
        <translation>Gradientennorm und Lernrate über die Schritte</translation>
    </message>
    <message>
        <source>weights that changed their value in that step</source>
        <translation>Gewichte, die in diesem Schritt ihren Wert wechselten</translation>
    </message>
    <message>
        <source>changed (%)</source>
        <translation>gewechselt (%)</translation>
    </message>
    <message>
        <source>Share of weights that changed their value, over the steps</source>
        <translation>Anteil der Gewichte, die ihren Wert wechselten, über die Schritte</translation>
    </message>
    <message>
        <source>Matri&amp;x</source>
        <translation>Matri&amp;x</translation>
    </message>
    <message>
        <source>Matrix whose weights are shown</source>
        <translation>Matrix, deren Gewichte gezeigt werden</translation>
    </message>
    <message>
        <source>The float weights behind the ternary ones. Training pulls them apart into peaks.</source>
        <translation>Die Gleitkommagewichte hinter den ternären. Das Training zieht sie zu Spitzen auseinander.</translation>
    </message>
    <message>
        <source>Samples: what the model answers</source>
        <translation>Proben: was das Modell antwortet</translation>
    </message>
    <message>
        <source>Nothing yet.</source>
        <translation>Noch nichts.</translation>
    </message>
    <message>
        <source>The shares of −1, 0 and +1 appear at the first look.</source>
        <translation>Die Anteile von −1, 0 und +1 erscheinen beim ersten Blick.</translation>
    </message>
    <message>
        <source>What the model answers to the sample prompt appears here.</source>
        <translation>Was das Modell auf den Probeprompt antwortet, erscheint hier.</translation>
    </message>
    <message>
        <source>This scheme does not lie on three values.</source>
        <translation>Dieses Verfahren liegt nicht auf drei Werten.</translation>
    </message>
    <message>
        <source>Look at step %1.</source>
        <translation>Blick bei Schritt %1.</translation>
    </message>
    <message>
        <source>step %1, mean magnitude %2</source>
        <translation>Schritt %1, mittlerer Betrag %2</translation>
    </message>
    <message>
        <source>%1 tokens</source>
        <translation>%1 Token</translation>
    </message>
    <message>
        <source>%1 / %2</source>
        <translation>%1 / %2</translation>
    </message>
    <message>
        <source>%1 tokens/s</source>
        <translation>%1 Token/s</translation>
    </message>
    <message>
        <source>step %1: %2</source>
        <translation>Schritt %1: %2</translation>
    </message>
    <message>
        <source>(nothing)</source>
        <translation>(nichts)</translation>
    </message>
    <message>
        <source>Answer to “%1”</source>
        <translation>Antwort auf „%1“</translation>
    </message>
    <message>
        <source>Cross-entropy per token in nats, smoothed over the last steps. Lower is better; a distilled run shows its own sum, block by block the error relative to what the teacher&apos;s blocks give.</source>
        <translation>Kreuzentropie je Token in Nat, über die letzten Schritte geglättet. Weniger ist besser; ein destillierter Lauf zeigt seine eigene Summe, blockweise den Fehler gegenüber dem, was die Blöcke des Lehrers liefern.</translation>
    </message>
    <message>
        <source>%1 (blocks)</source>
        <translation>%1 (Blöcke)</translation>
    </message>
</context>
<context>
    <name>trilobit::Transcript</name>
    <message>
        <source>The conversation appears here.</source>
        <translation>Das Gespräch erscheint hier.</translation>
    </message>
    <message>
        <source>You</source>
        <translation>Sie</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>Antwort</translation>
    </message>
    <message>
        <source>From here on the two answers differ.</source>
        <translation>Von hier an sind die beiden Antworten verschieden.</translation>
    </message>
</context>
<context>
    <name>trilobit::UnfinishedPanel</name>
    <message>
        <source>%1: %2 of %3 tensors, %4</source>
        <translation>%1: %2 von %3 Tensoren, %4</translation>
    </message>
    <message>
        <source>%1 with %2</source>
        <translation>%1 mit %2</translation>
    </message>
    <message>
        <source>, begun %1</source>
        <translation>, begonnen %1</translation>
    </message>
    <message>
        <source>&amp;Resume</source>
        <translation>&amp;Fortsetzen</translation>
    </message>
    <message>
        <source>&amp;Discard…</source>
        <translation>&amp;Verwerfen …</translation>
    </message>
    <message>
        <source>Left &amp;unfinished</source>
        <translation>&amp;Unfertiges</translation>
    </message>
    <message>
        <source>Unfinished work</source>
        <translation>Unfertige Arbeiten</translation>
    </message>
    <message>
        <source>Goes on where it was cut short; what is finished is not computed again.</source>
        <translation>Macht dort weiter, wo abgebrochen wurde; was fertig ist, wird nicht noch einmal berechnet.</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>Verwerfen</translation>
    </message>
    <message>
        <source>Throw away what was finished of this work? It would be computed anew.</source>
        <translation>Was von dieser Arbeit fertig war, verwerfen? Es müsste neu berechnet werden.</translation>
    </message>
</context>
<context>
    <name>trilobit::WeightsPage</name>
    <message>
        <source>Saved %1</source>
        <translation>%1 gespeichert</translation>
    </message>
    <message>
        <source>Plot not saved</source>
        <translation>Diagramm nicht gespeichert</translation>
    </message>
    <message>
        <source>Open a model to see its weights.</source>
        <translation>Öffnen Sie ein Modell, um seine Gewichte zu sehen.</translation>
    </message>
    <message>
        <source>weights</source>
        <translation>Gewichte</translation>
    </message>
    <message>
        <source>How many numbers this tensor holds.</source>
        <translation>Wie viele Zahlen dieser Tensor enthält.</translation>
    </message>
    <message>
        <source>mean</source>
        <translation>Mittel</translation>
    </message>
    <message>
        <source>Average weight. Trained matrices are centred close to zero.</source>
        <translation>Mittleres Gewicht. Trainierte Matrizen liegen nahe um null.</translation>
    </message>
    <message>
        <source>σ</source>
        <translation>σ</translation>
    </message>
    <message>
        <source>Standard deviation: the typical distance from the mean.</source>
        <translation>Standardabweichung: der übliche Abstand vom Mittel.</translation>
    </message>
    <message>
        <source>min</source>
        <translation>min</translation>
    </message>
    <message>
        <source>Smallest weight.</source>
        <translation>Kleinstes Gewicht.</translation>
    </message>
    <message>
        <source>max</source>
        <translation>max</translation>
    </message>
    <message>
        <source>Largest weight.</source>
        <translation>Größtes Gewicht.</translation>
    </message>
    <message>
        <source>absmax</source>
        <translation>größter Betrag</translation>
    </message>
    <message>
        <source>Largest distance from zero. Symmetric schemes spread their levels over ±absmax of a group, so one large weight makes the steps of its whole group coarse.</source>
        <translation>Größter Abstand von null. Symmetrische Verfahren verteilen ihre Stufen über ± den größten Betrag einer Gruppe; ein großes Gewicht macht so die Stufen seiner ganzen Gruppe grob.</translation>
    </message>
    <message>
        <source>kurtosis</source>
        <translation>Kurtosis</translation>
    </message>
    <message>
        <source>How heavy the tails are: 3 for a normal distribution. The larger, the more the range is set by a few weights and the harder low-bit quantization becomes.</source>
        <translation>Wie schwer die Ränder sind: 3 bei einer Normalverteilung. Je größer, desto mehr bestimmen wenige Gewichte die Spanne und desto schwieriger wird das Quantisieren mit wenigen Bit.</translation>
    </message>
    <message>
        <source>outliers</source>
        <translation>Ausreißer</translation>
    </message>
    <message>
        <source>Weights further than six standard deviations from the mean. A normal distribution would have two in a thousand million.</source>
        <translation>Gewichte, die mehr als sechs Standardabweichungen vom Mittel entfernt sind. Eine Normalverteilung hätte zwei unter tausend Millionen.</translation>
    </message>
    <message>
        <source>zeros</source>
        <translation>Nullen</translation>
    </message>
    <message>
        <source>Share of weights that are exactly zero.</source>
        <translation>Anteil der Gewichte, die genau null sind.</translation>
    </message>
    <message>
        <source>not finite</source>
        <translation>nicht endlich</translation>
    </message>
    <message>
        <source>NaN or infinite weights. They cannot be quantized.</source>
        <translation>Gewichte, die unendlich oder keine Zahl sind. Sie lassen sich nicht quantisieren.</translation>
    </message>
    <message>
        <source>SQNR</source>
        <translation>SQNR</translation>
    </message>
    <message>
        <source>Signal to quantization noise: 10·log10(Σw² / Σe²). Each bit is worth about 6 dB; ternary lands near 5 to 7 dB.</source>
        <translation>Signal zu Quantisierungsrauschen: 10·log10(Σw² / Σe²). Jedes Bit ist etwa 6 dB wert; ternär landet bei 5 bis 7 dB.</translation>
    </message>
    <message>
        <source>RMSE</source>
        <translation>RMSE</translation>
    </message>
    <message>
        <source>Root of the mean squared error, in units of the weights.</source>
        <translation>Wurzel des mittleren quadratischen Fehlers, in Einheiten der Gewichte.</translation>
    </message>
    <message>
        <source>size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Bytes of this tensor before and after, scales included.</source>
        <translation>Bytes dieses Tensors vorher und nachher, mit Skalen.</translation>
    </message>
    <message>
        <source>&amp;Log scale</source>
        <translation>&amp;Logarithmisch</translation>
    </message>
    <message>
        <source>Logarithmic shares: makes the tails and single outliers visible.</source>
        <translation>Logarithmische Anteile: macht die Ränder und einzelne Ausreißer sichtbar.</translation>
    </message>
    <message>
        <source>&amp;Quantized overlay</source>
        <translation>&amp;Quantisiert darüber</translation>
    </message>
    <message>
        <source>What the current choice makes of these weights, drawn over the original.</source>
        <translation>Was die jetzige Wahl aus diesen Gewichten macht, über das Original gezeichnet.</translation>
    </message>
    <message>
        <source>&amp;Bins</source>
        <translation>&amp;Klassen</translation>
    </message>
    <message>
        <source>Number of bins</source>
        <translation>Zahl der Klassen</translation>
    </message>
    <message>
        <source>Select a tensor on the left to see its weights.</source>
        <translation>Wählen Sie links einen Tensor, um seine Gewichte zu sehen.</translation>
    </message>
    <message>
        <source>%1   %2   %3</source>
        <translation>%1   %2   %3</translation>
    </message>
    <message>
        <source>reading a sample of rows…</source>
        <translation>eine Stichprobe von Zeilen wird gelesen…</translation>
    </message>
    <message>
        <source>reading all rows…</source>
        <translation>alle Zeilen werden gelesen…</translation>
    </message>
    <message>
        <source>Histogram of %1</source>
        <translation>Histogramm von %1</translation>
    </message>
    <message>
        <source>all %1 rows</source>
        <translation>alle %1 Zeilen</translation>
    </message>
    <message>
        <source>numbers from all rows, histogram from %1 of %2 rows</source>
        <translation>Zahlen aus allen Zeilen, Histogramm aus %1 von %2 Zeilen</translation>
    </message>
    <message>
        <source>original (%1)</source>
        <translation>Original (%1)</translation>
    </message>
    <message>
        <source>quantized (%1)</source>
        <translation>quantisiert (%1)</translation>
    </message>
    <message>
        <source>sample of %1 of %2 rows…</source>
        <translation>Stichprobe von %1 von %2 Zeilen…</translation>
    </message>
    <message>
        <source>%1 → %2 (%3)</source>
        <translation>%1 → %2 (%3)</translation>
    </message>
</context>
<context>
    <name>trilobit::WelcomePage</name>
    <message>
        <source>Models that you open appear here.</source>
        <translation>Modelle, die Sie öffnen, erscheinen hier.</translation>
    </message>
    <message>
        <source>Trilobit</source>
        <translation>Trilobit</translation>
    </message>
    <message>
        <source>See what low-bit quantization does to a language model, layer by layer, talk to the result, and export a file that others run.</source>
        <translation>Sehen, was Quantisierung auf wenige Bits mit einem Sprachmodell macht, Schicht für Schicht; mit dem Ergebnis sprechen; eine Datei ausgeben, die andere ausführen.</translation>
    </message>
    <message>
        <source>…or drop a GGUF file, a safetensors file or a model folder anywhere in this window.</source>
        <translation>…oder eine GGUF-Datei, eine safetensors-Datei oder einen Modellordner in dieses Fenster ziehen.</translation>
    </message>
    <message>
        <source>Recent models</source>
        <translation>Zuletzt geöffnete Modelle</translation>
    </message>
    <message>
        <source>%1
%2</source>
        <translation>%1
%2</translation>
    </message>
    <message>
        <source>On this computer</source>
        <translation>Auf diesem Rechner</translation>
    </message>
    <message>
        <source>Models in the Hugging Face cache and in the folders of LM Studio. Nothing is copied.</source>
        <translation>Modelle im Zwischenspeicher von Hugging Face und in den Ordnern von LM Studio. Nichts wird kopiert.</translation>
    </message>
    <message>
        <source>Models of other programs on this computer</source>
        <translation>Modelle anderer Programme auf diesem Rechner</translation>
    </message>
    <message>
        <source>%1
%2, %3</source>
        <translation>%1
%2, %3</translation>
    </message>
</context>
<context>
    <name>trilobit::WordBar</name>
    <message>
        <source>&amp;First difference</source>
        <translation>&amp;Erster Unterschied</translation>
    </message>
    <message>
        <source>Puts the caret on the first word at which the models part</source>
        <translation>Setzt die Schreibmarke auf das erste Wort, an dem die Modelle auseinandergehen</translation>
    </message>
    <message>
        <source>Point at a word, or put the caret on it, to see what each model would have said there.</source>
        <translation>Zeigen Sie auf ein Wort, oder setzen Sie die Schreibmarke darauf, um zu sehen, was jedes Modell dort gesagt hätte.</translation>
    </message>
    <message>
        <source>Go on with another word</source>
        <translation>Mit einem anderen Wort weitermachen</translation>
    </message>
</context>
<context>
    <name>trilobit::Workbench</name>
    <message>
        <source>Open %1</source>
        <translation>%1 öffnen</translation>
    </message>
    <message>
        <source>Opened %1</source>
        <translation>%1 geöffnet</translation>
    </message>
    <message>
        <source>Cannot open %1</source>
        <translation>%1 lässt sich nicht öffnen</translation>
    </message>
    <message>
        <source>Only weight matrices of blocks, the embedding and the output can be quantized.</source>
        <translation>Nur Gewichtsmatrizen der Blöcke, die Einbettung und die Ausgabe lassen sich quantisieren.</translation>
    </message>
    <message>
        <source>%1 tensors</source>
        <translation>%1 Tensoren</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>Clear the recipe</source>
        <translation>Das Rezept leeren</translation>
    </message>
    <message>
        <source>Cannot change the recipe</source>
        <translation>Das Rezept lässt sich nicht ändern</translation>
    </message>
    <message>
        <source>Cannot quantize yet</source>
        <translation>Noch kann nicht quantisiert werden</translation>
    </message>
    <message>
        <source>Nothing to quantize</source>
        <translation>Nichts zu quantisieren</translation>
    </message>
    <message>
        <source>Every tensor is kept as it is. Choose an encoding for some of them in the Tensors tree first.</source>
        <translation>Jeder Tensor bleibt, wie er ist. Wählen Sie zuerst im Baum der Tensoren eine Kodierung für einige von ihnen.</translation>
    </message>
    <message>
        <source>Quantize</source>
        <translation>Quantisieren</translation>
    </message>
    <message>
        <source>Quantized in %1</source>
        <translation>Quantisiert in %1</translation>
    </message>
    <message>
        <source>Quantizing was cancelled; nothing changed.</source>
        <translation>Das Quantisieren wurde abgebrochen; nichts hat sich geändert.</translation>
    </message>
    <message>
        <source>Quantizing failed</source>
        <translation>Das Quantisieren misslang</translation>
    </message>
    <message>
        <source>Exported %1</source>
        <translation>%1 exportiert</translation>
    </message>
    <message>
        <source>Export was cancelled; no file was written.</source>
        <translation>Der Export wurde abgebrochen; keine Datei wurde geschrieben.</translation>
    </message>
    <message>
        <source>Export failed</source>
        <translation>Der Export misslang</translation>
    </message>
    <message>
        <source>Export %1</source>
        <translation>%1 exportieren</translation>
    </message>
    <message>
        <source>This recipe does not fit</source>
        <translation>Dieses Rezept passt nicht</translation>
    </message>
    <message>
        <source>Quantized in %1; %2 tensors were already there</source>
        <translation>In %1 quantisiert; %2 Tensoren waren schon fertig</translation>
    </message>
    <message>
        <source>Looking for unfinished work</source>
        <translation>Suche nach unfertigen Arbeiten</translation>
    </message>
    <message>
        <source>Cannot go on with it</source>
        <translation>Das lässt sich nicht fortsetzen</translation>
    </message>
    <message>
        <source>Recipe of the unfinished work</source>
        <translation>Rezept der unfertigen Arbeit</translation>
    </message>
    <message>
        <source>Discard unfinished work</source>
        <translation>Unfertige Arbeit verwerfen</translation>
    </message>
    <message>
        <source>Cannot discard it</source>
        <translation>Das lässt sich nicht verwerfen</translation>
    </message>
    <message>
        <source>Remember the run</source>
        <translation>Den Lauf merken</translation>
    </message>
    <message>
        <source>Calibrate with %1</source>
        <translation>Mit %1 kalibrieren</translation>
    </message>
    <message>
        <source>Calibrated by %1</source>
        <translation>Kalibriert mit %1</translation>
    </message>
    <message>
        <source>Calibrating was cancelled; no file was written.</source>
        <translation>Das Kalibrieren wurde abgebrochen; es wurde keine Datei geschrieben.</translation>
    </message>
    <message>
        <source>No calibration</source>
        <translation>Keine Kalibrierung</translation>
    </message>
    <message>
        <source>The calibration stays</source>
        <translation>Die Kalibrierung bleibt</translation>
    </message>
</context>
<context>
    <name>trilobit::XyPlot</name>
    <message>
        <source>%1: %2&lt;br&gt;%3: %4</source>
        <translation>%1: %2&lt;br&gt;%3: %4</translation>
    </message>
    <message>
        <source>%1: %2 %3, %4 %5</source>
        <translation>%1: %2 %3, %4 %5</translation>
    </message>
</context>
</TS>
