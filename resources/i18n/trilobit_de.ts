<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de_DE" sourcelanguage="en">
    <context>
        <name>HelpDialog</name>
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
            <source>Command line</source>
            <translation>Befehlszeile</translation>
        </message>
        <message>
            <source>Words</source>
            <translation>Wörter</translation>
        </message>
    </context>
    <context>
        <name>QObject</name>
        <message>
            <source>Undo failed</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Redo failed</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>&lt;h3&gt;Trilobit %1&lt;/h3&gt;&lt;p&gt;A workbench for low-bit language models. Everything runs on this computer; the network is not used.&lt;/p&gt;&lt;table cellspacing=6&gt;&lt;tr&gt;&lt;td&gt;CPU&lt;/td&gt;&lt;td&gt;%2, %3 threads&lt;/td&gt;&lt;/tr&gt;&lt;tr&gt;&lt;td&gt;Features&lt;/td&gt;&lt;td&gt;%4&lt;/td&gt;&lt;/tr&gt;&lt;tr&gt;&lt;td&gt;Memory&lt;/td&gt;&lt;td&gt;%5&lt;/td&gt;&lt;/tr&gt;&lt;tr&gt;&lt;td&gt;System&lt;/td&gt;&lt;td&gt;%6&lt;/td&gt;&lt;/tr&gt;&lt;tr&gt;&lt;td&gt;Compiler&lt;/td&gt;&lt;td&gt;%7&lt;/td&gt;&lt;/tr&gt;&lt;tr&gt;&lt;td&gt;Qt&lt;/td&gt;&lt;td&gt;%8&lt;/td&gt;&lt;/tr&gt;&lt;tr&gt;&lt;td&gt;Experiments&lt;/td&gt;&lt;td&gt;%9&lt;/td&gt;&lt;/tr&gt;</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>not recorded</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>&lt;tr&gt;&lt;td&gt;Session log&lt;/td&gt;&lt;td&gt;%1&lt;/td&gt;&lt;/tr&gt;&lt;/table&gt;&lt;p&gt;Apache License 2.0. Built with Qt, QCustomPlot and Eigen.&lt;/p&gt;</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Plugins</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Name</source>
            <translation>Name</translation>
        </message>
        <message>
            <source>Version</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Methods</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>State</source>
            <translation>Zustand</translation>
        </message>
        <message>
            <source>File</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>loaded</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>&lt;b&gt;%1 → %2&lt;/b&gt; (%3) for these; whole model %4 → %5 bits per weight.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Refused for %1: %2</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Another encoding for %1: %2</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>keep</source>
            <translation>behalten</translation>
        </message>
        <message>
            <source>&lt;h3&gt;Run %1: %2&lt;/h3&gt;</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Status</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Started</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Took</source>
            <translation type="unfinished" />
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
            <translation type="unfinished" />
        </message>
        <message>
            <source>Build</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>CPU</source>
            <translation>CPU</translation>
        </message>
        <message>
            <source>&lt;p&gt;&lt;b&gt;Recipe&lt;/b&gt; &lt;font color="%1"&gt;%2&lt;/font&gt;&lt;/p&gt;&lt;p&gt;</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>&lt;p&gt;&lt;b&gt;Files&lt;/b&gt;&lt;/p&gt;&lt;p&gt;</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>&lt;h3&gt;%1 runs side by side&lt;/h3&gt;&lt;table cellspacing=0 cellpadding=4&gt;</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Run</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Kind</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Recipe</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>&lt;p&gt;Only the first %1 are shown.&lt;/p&gt;</source>
            <translation type="unfinished" />
        </message>
    </context>
    <context>
        <name>TrainPage</name>
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
            <translation type="unfinished" />
        </message>
        <message>
            <source>Settings</source>
            <translation>Einstellungen</translation>
        </message>
        <message>
            <source>Run</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Progress of the training</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>&amp;Pause</source>
            <translation>&amp;Pause</translation>
        </message>
        <message>
            <source>Waits after the current step; a checkpoint is written first.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Stop and &amp;keep</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Stop and keep</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Ends after the current step and writes checkpoint and model. The run can be resumed later.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>&amp;Open the model</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Open the trained model</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Opens the model that this run wrote, to look at it and to chat with it.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The folder %1 cannot be made.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>%1 steps</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Stopped after %1. Checkpoint and model are in %2; Resume goes on from there.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Trained %1. Model, checkpoint and curves are in %2.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Stopped before the first step: there was nothing to keep.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The last checkpoint is kept in %1.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>stopping and keeping…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>will pause before the first step</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>paused at step %1</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>starting…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>stopped at step %1</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>done</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>ended with an error at step %1</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>&amp;Go on</source>
            <translation>&amp;Weiter</translation>
        </message>
        <message>
            <source>Go on training</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Pause training</source>
            <translation type="unfinished" />
        </message>
    </context>
    <context>
        <name>trilobit</name>
        <message>
            <source>stopped at the token limit</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>stopped: the context is full</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>stopped by you</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>1 token</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>%1 tokens</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>%1 tokens/s</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>first token after %1 s</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>prompt of %1</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source> (%1 already read)</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source> at %1 tokens/s</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>emb</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>out</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>other</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>SQNR %1</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>relative squared error %1</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>RMSE %1</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>largest error %1</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>estimated from a sample of rows</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>SQNR (dB), higher is better</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>relative squared error, lower is better</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>RMSE (units of the weights), lower is better</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>layer</source>
            <translation>Schicht</translation>
        </message>
        <message>
            <source>role of the tensor</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>%1 tensors together: SQNR %2. Worst: %3 with %4.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>row (output)</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>column (input)</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>magnitude</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>absmax</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>root mean square</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>RMS error</source>
            <translation>Mittlerer Fehler</translation>
        </message>
        <message>
            <source>normal quantile (standard deviations)</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>quantile of the weights</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>original (%1)</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>quantized (%1)</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>a normal distribution</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>original weight</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>quantized weight</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>weights (a sample of %1)</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>no error</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>number of the singular value</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>singular value</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>weights (%1 rows)</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>error</source>
            <translation>Fehler</translation>
        </message>
        <message>
            <source>On the dashed line the weights would be normally distributed. Ends that bend away are heavy tails: outliers that stretch the grid of everybody else.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The largest weight of each output row. Rows of very different size want a scale of their own.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The largest weight of each input column. Single tall columns are channels that hurt every group they are in.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Each point is a weight: where it was and where it went. Steps are the values the encoding can hold; points far from the dashed line moved most.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>How much of the matrix lies in how many directions. A flat error is noise; an error that falls off steeply has a structure that a low-rank correction could take back.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Kurtosis of every matrix: 3 for a normal distribution. The higher, the heavier the tails and the harder low-bit quantization.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Weights further than six standard deviations from the mean, counted per matrix.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>kurtosis</source>
            <translation>Kurtosis</translation>
        </message>
        <message>
            <source>outliers beyond 6σ</source>
            <translation type="unfinished" />
        </message>
    </context>
    <context>
        <name>trilobit::AboutDialog</name>
        <message>
            <source>About Trilobit</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>About</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Plugins</source>
            <translation type="unfinished" />
        </message>
    </context>
    <context>
        <name>trilobit::AppContext</name>
        <message>
            <source>A plugin was left out: %1</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>No method plugin was found in %1, so nothing can be quantized.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Runs are not recorded: %1</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Restore the recipe of last time</source>
            <translation type="unfinished" />
        </message>
    </context>
    <context>
        <name>trilobit::BarsPlot</name>
        <message>
            <source>Error of each tensor</source>
            <translation type="unfinished" />
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
            <translation type="unfinished" />
        </message>
        <message>
            <source>tensor %1: %2</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>byte %1 of the block: %2 = %3</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>byte %1 of the file</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>belongs to other weights of the block</source>
            <translation type="unfinished" />
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
            <translation type="unfinished" />
        </message>
        <message>
            <source>What the solver makes small</source>
            <translation type="unfinished" />
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
            <source>Relative: every weight's error counts in proportion to its tensor's weights.
Absolute: squared errors are added up as they are, so tensors with large weights get more bits.</source>
            <translation type="unfinished" />
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
            <translation type="unfinished" />
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
            <translation type="unfinished" />
        </message>
        <message>
            <source>Solve the budget</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The budget cannot be solved</source>
            <translation type="unfinished" />
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
            <translation type="unfinished" />
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
            <translation type="unfinished" />
        </message>
        <message>
            <source>run %1</source>
            <translation>Lauf %1</translation>
        </message>
        <message>
            <source>Nothing was quantized yet.
Measure every encoding to see what each size can reach.</source>
            <translation type="unfinished" />
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
            <source>SQNR of what was changed (dB)</source>
            <translation>SQNR des Geänderten (dB)</translation>
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
            <translation type="unfinished" />
        </message>
        <message>
            <source>the slider</source>
            <translation>der Regler</translation>
        </message>
        <message>
            <source>Recipe of %1</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The recipe of %1 is back; undo removes it.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>budget %1 bits</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Budget of %1</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Applied. Quantize to measure it.</source>
            <translation>Übernommen. Quantisieren misst es.</translation>
        </message>
    </context>
    <context>
        <name>trilobit::CandidateModel</name>
        <message>
            <source>token %1</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>%1 %</source>
            <translation type="unfinished" />
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
            <translation type="unfinished" />
        </message>
        <message>
            <source>quantized model</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The conversation is not saved</source>
            <translation type="unfinished" />
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
            <translation type="unfinished" />
        </message>
        <message>
            <source>Prompt for every pane</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Enter sends, Shift + Enter starts a new line.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>&amp;Send</source>
            <translation>&amp;Senden</translation>
        </message>
        <message>
            <source>Sends the prompt to every pane (Enter)</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>St&amp;op</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Stops the answers; what was said stays (Esc)</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Se&amp;ttings</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Sampling and system prompt</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Ear&amp;lier…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Conversations are saved while they grow; this opens an earlier one.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>&amp;New conversation</source>
            <translation>&amp;Neues Gespräch</translation>
        </message>
        <message>
            <source>Forgets this conversation in every pane; its file stays.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>&amp;Add a model…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Opens another model file in a pane of its own and asks it the same.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Another model was opened: a new conversation starts here.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The quantized model changed: a new conversation starts here.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>This demo model is untrained: its weights are random numbers, so both panes will answer with noise. Open a trained model (Ctrl+O) for a real conversation.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Add a model to the chat</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Models (*.gguf *.safetensors config.json);;All files (*)</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>There is room for %1 panes; take one away first.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>File</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Opening…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Open %1</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>This model cannot chat: it has no tokenizer. %1</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Fingerprint of the %1 model</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Quantized model: %1</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The recipe has changed since this model was made. Quantize again to hear the present one.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>No model is open</source>
            <translation>Kein Modell ist offen</translation>
        </message>
        <message>
            <source>Open a model to talk to it.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>No quantized model yet</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>It is being made; it appears here when it is done.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The recipe asks for something that is not possible; the Tensors view says what.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Press Quantize to make it from your recipe. Prompts go to the original until then.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Choose a method and an encoding for some layers in the Tensors view, then press Quantize. Prompts go to the original until then.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Ask every pane the same. Enter sends, Shift + Enter starts a new line.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Open a model with a tokenizer to chat.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>reading the prompt…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>writing… %1</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>%1: %2</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>%1: all</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The answers differ from the first token on</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The first token is the same, then the answers part</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The first %1 tokens are the same, then the answers part</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The answers are the same</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The same as the original so far: %1</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>No earlier conversations</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Saved with %1. It goes on with the model of this pane.</source>
            <translation type="unfinished" />
        </message>
    </context>
    <context>
        <name>trilobit::ChatPane</name>
        <message>
            <source>encodings</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>How the weights are stored, by share of the weights.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>bits/weight</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Bytes of all tensors × 8 / number of weights.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>memory</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>path</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>weights</source>
            <translation>Gewichte</translation>
        </message>
        <message>
            <source>Conversation with the %1 model</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Takes this pane away; the model's file stays.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Take the pane %1 away</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>%1: %2</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>How the weights are stored, by share of the weights: %1</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The weights; the engine is not made yet.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>What the matrix products see as activations. %1 threads, context of %2 tokens.

Kernels:
%3</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>%1 weights, %2 held by the engine besides them, %3 KV cache for %4 tokens</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>SHA-256 over all tensors and the configuration of what runs in this pane:
%1</source>
            <translation type="unfinished" />
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
            <translation type="unfinished" />
        </message>
    </context>
    <context>
        <name>trilobit::ChoiceDialog</name>
        <message>
            <source>Set method and encoding</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>%1 tensors</source>
            <translation>%1 Tensoren</translation>
        </message>
        <message>
            <source>Apply</source>
            <translation type="unfinished" />
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
            <translation type="unfinished" />
        </message>
        <message>
            <source>several</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Encoding</source>
            <translation>Kodierung</translation>
        </message>
        <message>
            <source>How the values are stored</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Group size</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Weights that share a scale and a zero point. Smaller groups follow the weights more closely and need more bits.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Bits per code</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>&amp;Method</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>&amp;Encoding</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>&amp;Group size</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>&amp;Bits per code</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Keep as it is</source>
            <translation>So lassen</translation>
        </message>
        <message>
            <source>%1  (%2 bits)</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>%1
%2</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Affine groups…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Falls back to a wider encoding: %1</source>
            <translation type="unfinished" />
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
            <translation type="unfinished" />
        </message>
        <message>
            <source>A text that both models read: a paragraph, a prompt, an answer you want to check.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Way to compare</source>
            <translation type="unfinished" />
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
Lock step: both then follow the original's own choices.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Tokens to write</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source> tokens</source>
            <translation> Tokens</translation>
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
            <translation type="unfinished" />
        </message>
        <message>
            <source>How much the quantized model's predictions differ from the original's, in nats per token. 0: the same; 0.01: hardly to be noticed; above 0.5: another text.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>same best token</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Share of places where both would say the same next.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>perplexity, original</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>How surprised the model is by the text; lower is better.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>quantized</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>How surprised the quantized model is by the same text.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>first divergence</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The first token before which the best candidates differ.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Tokens, coloured by divergence</source>
            <translation type="unfinished" />
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
            <source>&amp;Go on from the other's token</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Takes the text up to here, puts what the quantized model would have said, and goes on in lock step.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>colour: KL 0 to 2 nats · underlined: the best tokens differ</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Best candidates: %1</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The original would say</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The quantized model would say</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Compare token by token</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>%1 (%2 %)</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>KL %1
original: %2
quantized: %3</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Move the caret to a token to see what each model would have said there.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Token %1, %2: the first one, nothing predicts it.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Token %1, %2: KL %3 nats · the original gives it %4 %, the quantized model %5 %</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>comparing…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Open a model first.</source>
            <translation>Öffnen Sie zuerst ein Modell.</translation>
        </message>
        <message>
            <source>This model has no tokenizer.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Quantize it first: there is nothing to compare with yet.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The recipe changed since quantizing.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>%1 nats</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>%1 %</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>none</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>token %1</source>
            <translation type="unfinished" />
        </message>
    </context>
    <context>
        <name>trilobit::ConversationKeeper</name>
        <message>
            <source>Look for earlier conversations</source>
            <translation type="unfinished" />
        </message>
    </context>
    <context>
        <name>trilobit::CurvePlot</name>
        <message>
            <source>%1 %2</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>%1: &lt;b&gt;%2&lt;/b&gt; at step %3</source>
            <translation type="unfinished" />
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
            <translation type="unfinished" />
        </message>
        <message>
            <source>Relative squared error</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>RMSE</source>
            <translation>RMSE</translation>
        </message>
        <message>
            <source>SQNR: 10·log10(Σw² / Σe²), about 6 dB per bit.
Relative squared error: Σe² / Σw².
RMSE: root of the mean squared error, in units of the weights.</source>
            <translation type="unfinished" />
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
            <translation type="unfinished" />
        </message>
        <message>
            <source>Open a model to see what quantization costs each tensor.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The chosen method or encoding cannot be used: see above.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Nothing is set to be quantized.
Choose a method and an encoding for some tensors first.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Measuring…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>%1 tensors are set to be quantized.
Press “Measure now” for a quick estimate, or Quantize for exact numbers.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>%1 tensors cannot be quantized as chosen: %2</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>%1 chosen tensors are not measured yet.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>%1 tensors are kept as they are and have no error.</source>
            <translation type="unfinished" />
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
            <translation type="unfinished" />
        </message>
        <message>
            <source>Tries the choice on up to %1 rows of each tensor, without quantizing the model.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Measure the error</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The error could not be measured</source>
            <translation type="unfinished" />
        </message>
    </context>
    <context>
        <name>trilobit::ExperimentsModel</name>
        <message>
            <source>Run</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Number of the run in the store</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Started</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Local time</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Kind</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>What was done</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Status</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>done, failed, cancelled, running, or lost when the program ended meanwhile</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Recipe</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Name, or the start of its hash: the same hash means the same rules</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Bits/w</source>
            <translation>Bit/G</translation>
        </message>
        <message>
            <source>Bits per weight, scales included</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Size</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Bytes of all tensors</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>SQNR</source>
            <translation>SQNR</translation>
        </message>
        <message>
            <source>Signal to quantization noise over all changed tensors</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Perplexity</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>How surprised the model is by a text; lower is better</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>KL</source>
            <translation>KL</translation>
        </message>
        <message>
            <source>Mean divergence from the original's predictions, in nats; 0 is identical</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Tokens/s</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Speed of generating</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Time</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>How long the run took</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Model</source>
            <translation>Modell</translation>
        </message>
        <message>
            <source>File that was used</source>
            <translation type="unfinished" />
        </message>
    </context>
    <context>
        <name>trilobit::ExperimentsPage</name>
        <message>
            <source>Search runs</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Search model, recipe, kind …</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Kind of run</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>All kinds</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Runs</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Details of the selected runs</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>No runs yet</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Quantizing, comparing, chatting and exporting leave a row here, with everything needed to repeat them.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Use this recipe</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Copy the command line</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Export the table…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Delete the selected runs…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Read experiments</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>&lt;p&gt;Select a run to see it; select several to compare them.&lt;/p&gt;</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>This recipe cannot be read</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Recipe of run %1</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The recipe of run %1 is in place.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>This run has no command</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Command line copied.</source>
            <translation>Befehlszeile kopiert.</translation>
        </message>
        <message>
            <source>Export the table</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Comma-separated values (*.csv);;JSON (*.json)</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Export experiments</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Wrote %1</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Cannot export the table</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Delete runs</source>
            <translation type="unfinished" />
        </message>
        <message numerus="yes">
            <source>Delete %n run(s) from the store? This cannot be undone; exported files stay.</source>
            <translation type="unfinished">
                <numerusform />
                <numerusform />
            </translation>
        </message>
        <message>
            <source>Delete</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Cannot delete the runs</source>
            <translation type="unfinished" />
        </message>
    </context>
    <context>
        <name>trilobit::ExportDialog</name>
        <message>
            <source>Export as GGUF</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>File to write</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Browse…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Export</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>&lt;p&gt;&lt;b&gt;The quantized model&lt;/b&gt;, %1, %2 bits per weight.&lt;/p&gt;</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>&lt;p&gt;&lt;b&gt;The opened model as it is&lt;/b&gt; (nothing was quantized yet), %1.&lt;/p&gt;</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>&lt;p&gt;&lt;font color="%1"&gt;The recipe was changed after quantizing. What is written is the last quantized model, not the new recipe; quantize again to write that.&lt;/font&gt;&lt;/p&gt;</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>&lt;p&gt;&lt;font color="%1"&gt;Runs in stock llama.cpp.&lt;/font&gt;&lt;/p&gt;</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>&lt;p&gt;&lt;font color="%1"&gt;Stock llama.cpp will not run this file:&lt;/font&gt;&lt;/p&gt;&lt;ul&gt;</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>&lt;/ul&gt;&lt;p&gt;Trilobit itself opens and runs it.&lt;/p&gt;</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>GGUF models (*.gguf)</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Give the file a name.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The folder %1 does not exist.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>This is the model that is open; choose another name.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The disk has %1 free; about %2 are needed.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>A file of this name exists and will be replaced once the new one is complete.</source>
            <translation type="unfinished" />
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
            <translation type="unfinished" />
        </message>
        <message>
            <source>The digits after the leading one.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The integer that stands for this weight alone.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The step between two values, shared by the group.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The code that means zero, shared by the group.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The lowest value, shared by the group.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>A small integer that multiplies the scale for a part of the block.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>A small integer that multiplies the minimum for a part of the block.</source>
            <translation type="unfinished" />
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
            <translation type="unfinished" />
        </message>
        <message>
            <source>row (output)</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Chosen: row %1, column %2</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>&lt;b&gt;row %1, column %2&lt;/b&gt;&lt;br&gt;%3</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>&lt;b&gt;rows %1 to %2, columns %3 to %4&lt;/b&gt;&lt;br&gt;%5&lt;br&gt;Zoom in for single weights.</source>
            <translation type="unfinished" />
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
    </context>
    <context>
        <name>trilobit::HistogramPlot</name>
        <message>
            <source>Histogram of the weights</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>weight value</source>
            <translation>Wert des Gewichts</translation>
        </message>
        <message>
            <source>share of weights per bin (%)</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>▲ peaks up to %1 %,
    cut off here</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>From %1 to %2, mean %3, standard deviation %4, outliers beyond six deviations: %5</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>no outliers beyond ±6σ</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>▼ %1 outliers beyond ±6σ</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>%1: %2 weights (%3 %)</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>&lt;b&gt;%1 to %2&lt;/b&gt;</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>%1 standard deviations from the mean</source>
            <translation type="unfinished" />
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
            <translation type="unfinished" />
        </message>
        <message>
            <source>Bits per weight</source>
            <translation>Bit je Gewicht</translation>
        </message>
        <message>
            <source>Of the selected tensors, scales included</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Bytes</source>
            <translation>Bytes</translation>
        </message>
        <message>
            <source>Of the selected tensors</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Whole model</source>
            <translation>Ganzes Modell</translation>
        </message>
        <message>
            <source>All tensors with the whole recipe</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>SQNR</source>
            <translation>SQNR</translation>
        </message>
        <message>
            <source>Signal to quantization noise: how far the weights stand above the rounding error. Every 6 dB halve the error; 8 bits reach about 45 dB, 4 bits 20 dB, 1.58 bits 5 dB.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>RMS error</source>
            <translation>Mittlerer Fehler</translation>
        </message>
        <message>
            <source>Root of the mean squared error of a weight</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Largest error</source>
            <translation>Größter Fehler</translation>
        </message>
        <message>
            <source>The weight that moved most</source>
            <translation type="unfinished" />
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
            <translation type="unfinished" />
        </message>
        <message>
            <source>Refused: %1</source>
            <translation>Abgelehnt: %1</translation>
        </message>
        <message>
            <source>%1 is used instead of %2: %3</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source> (and %1 more tensors)</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>%1 → %2</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>%1 → %2 (%3)</source>
            <translation type="unfinished" />
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
            <translation type="unfinished" />
        </message>
        <message>
            <source>%1: %2</source>
            <translation type="unfinished" />
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
            <translation type="unfinished" />
        </message>
        <message>
            <source>Preview</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Errors from %1 of %2 rows; quantizing measures all.</source>
            <translation type="unfinished" />
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
            <translation type="unfinished" />
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
            <translation type="unfinished" />
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
        <name>trilobit::LatentPlot</name>
        <message>
            <source>Histogram of the trained weights</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>weight ÷ mean magnitude of the matrix</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>share of weights per bin (%)</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>−1</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>0</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>at step %1</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>+1</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>at the start</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Step %1, mean magnitude %2</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>&lt;b&gt;%1 to %2&lt;/b&gt; mean magnitudes</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>&lt;br&gt;%1 % of the weights</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>, of them −1: %1 %, 0: %2 %, +1: %3 %</source>
            <translation type="unfinished" />
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
            <translation>Diagramme</translation>
        </message>
        <message>
            <source>Show &amp;plots</source>
            <translation>&amp;Diagramme zeigen</translation>
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
            <source>Ternarize without training</source>
            <translation>Ohne Training ternär machen</translation>
        </message>
        <message>
            <source>The demo pair.</source>
            <translation>Das Vorführpaar.</translation>
        </message>
        <message>
            <source>Left: full precision. Middle: the same size trained for 1.58 bits. Right: the left one rounded to three values without training, which costs it its language.</source>
            <translation type="unfinished" />
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
            <translation type="unfinished" />
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
            <translation type="unfinished" />
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
            <translation type="unfinished" />
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
            <translation type="unfinished" />
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
            <translation type="unfinished" />
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
            <translation type="unfinished" />
        </message>
        <message>
            <source>Dismiss</source>
            <translation type="unfinished" />
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
            <translation type="unfinished" />
        </message>
        <message>
            <source>decoded</source>
            <translation>dekodiert</translation>
        </message>
        <message>
            <source>What these bytes decode to.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>error</source>
            <translation>Fehler</translation>
        </message>
        <message>
            <source>Decoded minus original.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>code</source>
            <translation>Code</translation>
        </message>
        <message>
            <source>The integer stored for this weight.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>level</source>
            <translation>Stufe</translation>
        </message>
        <message>
            <source>The value that the code names, before scaling.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>scale</source>
            <translation>Skala</translation>
        </message>
        <message>
            <source>What a step of one is worth here.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>zero</source>
            <translation>Null</translation>
        </message>
        <message>
            <source>The code that stands for zero.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>minimum</source>
            <translation>Minimum</translation>
        </message>
        <message>
            <source>Subtracted from scale · code.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>by</source>
            <translation>durch</translation>
        </message>
        <message>
            <source>How the value comes from the fields below.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>block</source>
            <translation>Block</translation>
        </message>
        <message>
            <source>Weights that share bytes and scale with this one.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>in the file</source>
            <translation>in der Datei</translation>
        </message>
        <message>
            <source>Where the block begins, counted from the start of the file.</source>
            <translation type="unfinished" />
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
            <translation type="unfinished" />
        </message>
        <message>
            <source>Tables of the microscope</source>
            <translation type="unfinished" />
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
            <translation type="unfinished" />
        </message>
        <message>
            <source>%1, %2</source>
            <translation type="unfinished" />
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
            <translation type="unfinished" />
        </message>
        <message>
            <source>Measure &amp;all rows</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>What else could this be?</source>
            <translation>Was könnte das noch sein?</translation>
        </message>
        <message>
            <source>%1, measured for all %2 selected tensors</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Exact numbers instead of estimates from a sample of rows.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>What this tensor could be</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>&amp;Use this</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Measure %1 in every encoding</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>measuring… %1 done</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>from %1 of %2 rows</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>from all rows</source>
            <translation type="unfinished" />
        </message>
    </context>
    <context>
        <name>trilobit::OptionsModel</name>
        <message>
            <source>%1 (keep)</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>refused</source>
            <translation type="unfinished" />
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
            <translation>Mittlerer Fehler</translation>
        </message>
        <message>
            <source>Note</source>
            <translation type="unfinished" />
        </message>
    </context>
    <context>
        <name>trilobit::PaneRunner</name>
        <message>
            <source>Stopped: the model changed.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>%1 (tensors: %2)</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Prepare %1</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Chat: %1</source>
            <translation type="unfinished" />
        </message>
    </context>
    <context>
        <name>trilobit::PatternDialog</name>
        <message>
            <source>Apply by pattern</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Pattern for tensor names</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Tensors that match</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>* any text · ? one character · [0-4] one of a range · {a,b} either</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Add rule</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>&amp;Tensors</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>%1 of %2 tensors match</source>
            <translation type="unfinished" />
        </message>
    </context>
    <context>
        <name>trilobit::Plot</name>
        <message>
            <source>%1 could not be written: %2</source>
            <translation type="unfinished" />
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
            <translation type="unfinished" />
        </message>
        <message>
            <source>Save as S&amp;VG…</source>
            <translation>Als S&amp;VG speichern…</translation>
        </message>
        <message>
            <source>SVG image (*.svg)</source>
            <translation type="unfinished" />
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
            <translation type="unfinished" />
        </message>
        <message>
            <source>Save the numbers as C&amp;SV…</source>
            <translation>Zahlen als C&amp;SV speichern…</translation>
        </message>
        <message>
            <source>Comma-separated values (*.csv)</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Save plot</source>
            <translation>Diagramm speichern</translation>
        </message>
        <message>
            <source>the SVG could not be drawn</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>the PDF could not be made in %1</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>%1: the name must end in .%2 or .csv</source>
            <translation type="unfinished" />
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
            <translation type="unfinished" />
        </message>
        <message>
            <source>Quantiles against normal (Q–Q)</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Magnitude by row</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Magnitude by column</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Original against quantized</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Spectrum of weights and error</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Kurtosis over all layers</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Outliers over all layers</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Log &amp;x</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Log &amp;y</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Profile of %1</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Statistics of all tensors</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>All layers</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>computing…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>from %1 weights</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Open a model to see plots of its weights.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Reading all tensors…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The statistics were not computed.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Select a tensor on the left.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Computing…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>This tensor is kept as it is.
Choose a method and an encoding for it to compare both sides.</source>
            <translation type="unfinished" />
        </message>
    </context>
    <context>
        <name>trilobit::SamplingPanel</name>
        <message>
            <source>&amp;Temperature</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>0 always takes the likeliest token (greedy): the first difference between two answers then comes from the weights alone. Higher values choose more freely.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>off</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Top-&amp;k</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Only the k likeliest tokens can be chosen; 0 switches it off.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Top-&amp;p</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Only the likeliest tokens that together reach this probability can be chosen; 1 switches it off.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>&amp;Min-p</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Leaves out tokens below this share of the likeliest one's probability; 0 switches it off.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>&amp;Repetition penalty</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Makes tokens of the last 64 less likely; 1 switches it off.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>S&amp;eed</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The same seed gives the same choices again, in every pane.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Ma&amp;x. tokens</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>An answer stops after this many tokens.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>S&amp;ystem prompt</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>System prompt</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Who the model should be. Empty: whatever its chat template says.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>temperature %1</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>seed %1</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>greedy</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>repetition penalty %1</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>at most %1 tokens</source>
            <translation type="unfinished" />
        </message>
    </context>
    <context>
        <name>trilobit::SharesPlot</name>
        <message>
            <source>Shares of −1, 0 and +1 per matrix</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>−1</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>0</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>+1</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>block (bars: q, k, v, o, gate, up, down)</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>share of weights (%)</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>On average %1 % are −1, %2 % are 0, %3 % are +1</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>&lt;b&gt;%1&lt;/b&gt;&lt;br&gt;−1: %2 %&lt;br&gt;0: %3 %&lt;br&gt;+1: %4 %</source>
            <translation type="unfinished" />
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
            <translation type="unfinished" />
        </message>
        <message>
            <source>%1 %</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Refused: %1</source>
            <translation>Abgelehnt: %1</translation>
        </message>
        <message>
            <source>Norms, biases and other vectors stay as they are: they are tiny and the result depends on them.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Kept as it is in the source.</source>
            <translation>Bleibt wie in der Quelle.</translation>
        </message>
        <message>
            <source>%1 (%2)</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Signal to quantization noise: how many decibels the weights stand above the rounding error. Every 6 dB halve the error.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>%1, refused: %2</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Name</source>
            <translation>Name</translation>
        </message>
        <message>
            <source>Blocks and tensors in the order of the file</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Shape</source>
            <translation>Form</translation>
        </message>
        <message>
            <source>Output features × input features; groups: number of weights</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Source</source>
            <translation>Quelle</translation>
        </message>
        <message>
            <source>Encoding in the opened file</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Method</source>
            <translation>Methode</translation>
        </message>
        <message>
            <source>How values are chosen. Press F2 or double-click to change</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Encoding</source>
            <translation>Kodierung</translation>
        </message>
        <message>
            <source>How values are stored. Press F2 or double-click to change</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Bits/w</source>
            <translation>Bit/G</translation>
        </message>
        <message>
            <source>Bits per weight after quantizing, scales included</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Before</source>
            <translation>Vorher</translation>
        </message>
        <message>
            <source>Bytes in the opened file</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>After</source>
            <translation>Nachher</translation>
        </message>
        <message>
            <source>Bytes after quantizing</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>SQNR</source>
            <translation>SQNR</translation>
        </message>
        <message>
            <source>Signal to quantization noise in dB, measured when quantizing</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Error share</source>
            <translation>Fehleranteil</translation>
        </message>
        <message>
            <source>Part of the squared error of all tensors together: who hurts most</source>
            <translation>Teil des quadratischen Fehlers aller Tensoren: wer am meisten schmerzt</translation>
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
            <translation type="unfinished" />
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
            <translation type="unfinished" />
        </message>
        <message>
            <source>Encoding of %1 tensors</source>
            <translation type="unfinished" />
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
            <translation type="unfinished" />
        </message>
        <message>
            <source>Select a weight matrix first.</source>
            <translation type="unfinished" />
        </message>
        <message numerus="yes">
            <source>Copied %n rule(s)</source>
            <translation type="unfinished">
                <numerusform />
                <numerusform />
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
        <name>trilobit::TrainSetup</name>
        <message>
            <source>Choose a folder: %1</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Choose a file: %1</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Choose a folder…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Choose a file…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Hidden si&amp;ze</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Numbers per token inside the model. A multiple of 256 lets every ternary encoding store it.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>&amp;Layers</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Blocks of attention and feed-forward, one after the other.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Attention h&amp;eads</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The hidden size divided by the heads must be even.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>&amp;KV heads</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Fewer than the attention heads make the memory of a chat smaller. Must divide them.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>&amp;Feed-forward size</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Width of the middle of each feed-forward part.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>&amp;Vocabulary</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Tokens that are learned from the data. A small text may give fewer.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Where the data comes from</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Made-up talks and stories</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>A file of mine</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Made-up talks are written by the program itself: simple English, no file needed.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>&amp;Talks</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Conversations of two to six turns, and a page of small sums for every four of them. Measured on others that training never sees.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Stor&amp;ies</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Short stories beside the talks.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>A text (.txt, documents between blank lines) or chats (.jsonl, one a line).</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Data</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>&amp;Data</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>.txt or .jsonl</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Held-out data</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Only measured on, never trained on. May be left out.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Held o&amp;ut</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>optional</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Settings of the training</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>What to train</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Open model: %1</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>New model: %1</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Budget</source>
            <translation>Budget</translation>
        </message>
        <message>
            <source>Length of the run</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>With minutes, the number of steps follows from the speed of the first ones.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Unit of the length</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>minutes</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>steps</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Len&amp;gth</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>&amp;Rows per step</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Batch: rows that are learned from together. More need more memory.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Tokens per ro&amp;w</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Longer rows teach longer connections and cost more.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>&amp;Peak learning rate</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Reached after the warm-up; from there it falls. Too high: the loss jumps or is no number any more.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>See&amp;d</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Start weights, order of the data and the made-up talks. The same seed repeats a run.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Looks on the way</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>never</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source> steps</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>&amp;Measure every</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Held-out loss and shares of −1, 0, +1. Each look takes a moment of its own.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>S&amp;ample every</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Lets the model of the moment answer the prompt below.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Sample prom&amp;pt</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>What the model is asked, as a user would in a chat.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Output</source>
            <translation>Ausgabe</translation>
        </message>
        <message>
            <source>Output folder</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Checkpoint, model, curves and made-up data go here. A folder with a checkpoint can be resumed.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>parameters</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Weights of the model.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>as F16</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Size of the tensors with 16 bits per weight.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>result</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Size of the tensors as the run will write them. Embedding and norms stay floats.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>memory</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Weights, gradients, optimizer and activations. Data and vocabulary come on top.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>tokens</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Rows × tokens per row × steps.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>&amp;Start training</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Start training</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Resume</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Resume the run in the output folder</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Goes on from the checkpoint in the output folder, with the settings that run was started with.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Training data</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Texts and chats (*.txt *.jsonl);;All files (*)</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Train %1</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>This starts from the open model: open one first.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Choose a file with data.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Choose an output folder.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>This folder holds a run: resume it, or choose another folder for a new one.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>%1 (%2)</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>about %1</source>
            <translation>etwa %1</translation>
        </message>
        <message>
            <source>known after the first steps</source>
            <translation type="unfinished" />
        </message>
    </context>
    <context>
        <name>trilobit::TrainView</name>
        <message>
            <source>No run yet</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Choose what to train, on what and for how long, then press “Start training”. Curves, the shares of −1, 0 and +1, the weights and samples of what the model says appear here.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>step</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>One step learns from one batch.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>loss</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Cross-entropy per token in nats, smoothed over the last steps. Lower is better; a distilled run shows its own sum.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>held-out perplexity</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>On data that is never trained on: between how many tokens the model is undecided.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>speed</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Tokens learned from per second, measured over the last seconds.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>left</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>At the speed of the last seconds, without looks and samples.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>learning rate</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Rises during the warm-up, then falls.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>gradient norm</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Length of the whole gradient before it is clipped. Sudden peaks announce trouble.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>data</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Tokens of the training data. When a run sees more than this, it repeats them.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Looks at the run</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Curves</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Three values</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Weights</source>
            <translation>Gewichte</translation>
        </message>
        <message>
            <source>Samples</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>loss of each step</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>smoothed</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>held out</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>loss (nats per token)</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Loss over the steps</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>learning rate (right)</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Gradient norm and learning rate over the steps</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>weights that changed their value in that step</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>changed (%)</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Share of weights that changed their value, over the steps</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Matri&amp;x</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Matrix whose weights are shown</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The float weights behind the ternary ones. Training pulls them apart into peaks.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Samples: what the model answers</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Nothing yet.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>The shares of −1, 0 and +1 appear at the first look.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>What the model answers to the sample prompt appears here.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>This scheme does not lie on three values.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Look at step %1.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>step %1, mean magnitude %2</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>%1 tokens</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>%1 / %2</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>%1 tokens/s</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>step %1: %2</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>(nothing)</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Answer to “%1”</source>
            <translation type="unfinished" />
        </message>
    </context>
    <context>
        <name>trilobit::Transcript</name>
        <message>
            <source>The conversation appears here.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>You</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Answer</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>From here on the two answers differ.</source>
            <translation type="unfinished" />
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
            <translation type="unfinished" />
        </message>
        <message>
            <source>mean</source>
            <translation>Mittel</translation>
        </message>
        <message>
            <source>Average weight. Trained matrices are centred close to zero.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>σ</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Standard deviation: the typical distance from the mean.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>min</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Smallest weight.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>max</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Largest weight.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>absmax</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Largest distance from zero. Symmetric schemes spread their levels over ±absmax of a group, so one large weight makes the steps of its whole group coarse.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>kurtosis</source>
            <translation>Kurtosis</translation>
        </message>
        <message>
            <source>How heavy the tails are: 3 for a normal distribution. The larger, the more the range is set by a few weights and the harder low-bit quantization becomes.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>outliers</source>
            <translation>Ausreißer</translation>
        </message>
        <message>
            <source>Weights further than six standard deviations from the mean. A normal distribution would have two in a thousand million.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>zeros</source>
            <translation>Nullen</translation>
        </message>
        <message>
            <source>Share of weights that are exactly zero.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>not finite</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>NaN or infinite weights. They cannot be quantized.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>SQNR</source>
            <translation>SQNR</translation>
        </message>
        <message>
            <source>Signal to quantization noise: 10·log10(Σw² / Σe²). Each bit is worth about 6 dB; ternary lands near 5 to 7 dB.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>RMSE</source>
            <translation>RMSE</translation>
        </message>
        <message>
            <source>Root of the mean squared error, in units of the weights.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>size</source>
            <translation>Größe</translation>
        </message>
        <message>
            <source>Bytes of this tensor before and after, scales included.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>&amp;Log scale</source>
            <translation>&amp;Logarithmisch</translation>
        </message>
        <message>
            <source>Logarithmic shares: makes the tails and single outliers visible.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>&amp;Quantized overlay</source>
            <translation>&amp;Quantisiert darüber</translation>
        </message>
        <message>
            <source>What the current choice makes of these weights, drawn over the original.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>&amp;Bins</source>
            <translation>&amp;Klassen</translation>
        </message>
        <message>
            <source>Number of bins</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Select a tensor on the left to see its weights.</source>
            <translation>Wählen Sie links einen Tensor, um seine Gewichte zu sehen.</translation>
        </message>
        <message>
            <source>%1   %2   %3</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>reading a sample of rows…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>reading all rows…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Histogram of %1</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>all %1 rows</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>numbers from all rows, histogram from %1 of %2 rows</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>original (%1)</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>quantized (%1)</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>sample of %1 of %2 rows…</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>%1 → %2 (%3)</source>
            <translation type="unfinished" />
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
            <translation type="unfinished" />
        </message>
    </context>
    <context>
        <name>trilobit::Workbench</name>
        <message>
            <source>Open %1</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Opened %1</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Cannot open %1</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Only weight matrices of blocks, the embedding and the output can be quantized.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>%1 tensors</source>
            <translation>%1 Tensoren</translation>
        </message>
        <message>
            <source>%1: %2</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Clear the recipe</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Cannot change the recipe</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Cannot quantize yet</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Nothing to quantize</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Every tensor is kept as it is. Choose an encoding for some of them in the Tensors tree first.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Quantize</source>
            <translation>Quantisieren</translation>
        </message>
        <message>
            <source>Quantized in %1</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Quantizing was cancelled; nothing changed.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Quantizing failed</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Exported %1</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Export was cancelled; no file was written.</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Export failed</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>Export %1</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>This recipe does not fit</source>
            <translation type="unfinished" />
        </message>
    </context>
    <context>
        <name>trilobit::XyPlot</name>
        <message>
            <source>%1: %2&lt;br&gt;%3: %4</source>
            <translation type="unfinished" />
        </message>
        <message>
            <source>%1: %2 %3, %4 %5</source>
            <translation type="unfinished" />
        </message>
    </context>
</TS>
