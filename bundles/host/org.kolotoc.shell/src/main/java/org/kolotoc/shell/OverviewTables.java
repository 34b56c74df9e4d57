package org.kolotoc.shell;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.kolotoc.engine.experiment.Printable;
import org.kolotoc.engine.prepare.MemoryPlan;
import org.kolotoc.engine.prepare.Overview;

/** Everybody in an experiment, a table for each kind. */
final class OverviewTables {
    private static final int WIDEST = 60;

    private OverviewTables() {}

    /** The tables, with an empty line after each. */
    static String of(Overview whole, MemoryPlan memory) {
        return data(whole) + models(whole) + phases(whole, memory) + samples(whole) + metrics(whole) + criteria(whole);
    }

    private static String data(Overview whole) {
        Table table = new Table("DATA", "ID", "FIELDS", "STATES", "MEMORY", "ON DISK");
        whole.data()
                .forEach(source -> row(
                        table,
                        source.name(),
                        source.id(),
                        firsts(source.fields(), "; "),
                        text(source.extents()),
                        Printable.bytes(source.memoryBytes()),
                        source.fileBytes() == 0 ? "" : Printable.bytes(source.fileBytes())));
        String tokenizer = whole.tokenizer() == null
                ? ""
                : "tokenizer " + whole.tokenizer().id() + ", made for "
                        + whole.tokenizer().fit() + "\n";
        return table + tokenizer + "\n";
    }

    private static String models(Overview whole) {
        Table table =
                new Table("MODEL", "ID", "PARAMETERS", "STATISTICS", "BYTES", "TRAINED BY", "BEGINS WITH", "SIGNATURE");
        whole.models()
                .forEach(model -> row(
                        table,
                        model.name(),
                        model.id(),
                        model.parameters(),
                        model.statistics(),
                        model.bytes(),
                        model.trainedBy().isEmpty() ? "nobody" : String.join(", ", model.trainedBy()),
                        model.start().isEmpty() ? "fresh weights" : model.start(),
                        model.signature()));
        return table + "\n";
    }

    private static String phases(Overview whole, MemoryPlan memory) {
        Table table =
                new Table("PHASE", "ID", "STEPS", "DATA", "MODELS", "BEGINS WITH", "PLUGINS", "MEASURES", "MEMORY");
        whole.phases()
                .forEach(phase -> row(
                        table,
                        phase.name(),
                        phase.id(),
                        phase.steps(),
                        text(phase.data()),
                        text(phase.models()),
                        text(phase.starts()),
                        text(phase.seats()),
                        firsts(phase.measures(), ", "),
                        Printable.bytes(phase.memoryBytes())
                                + (whole.phases().size() > 1
                                                && memory.largest()
                                                        .filter(phase.name()::equals)
                                                        .isPresent()
                                        ? ", the most"
                                        : "")));
        return table + "\n";
    }

    private static String samples(Overview whole) {
        Table table = new Table("SAMPLES", "ID", "MODELS", "DATA", "PLUGINS", "AT", "COUNT");
        whole.samples()
                .forEach(drawn -> row(
                        table,
                        drawn.name(),
                        drawn.id(),
                        text(drawn.models()),
                        text(drawn.data()),
                        text(drawn.seats()),
                        String.join(", ", drawn.at()),
                        drawn.count()));
        return whole.samples().isEmpty() ? "" : table + "\n";
    }

    private static String metrics(Overview whole) {
        Table table = new Table("METRIC", "SAMPLES", "MODELS", "DATA", "PLUGINS", "MEASURES");
        whole.metrics()
                .forEach(judge -> row(
                        table,
                        judge.id(),
                        judge.samples(),
                        text(judge.models()),
                        text(judge.data()),
                        text(judge.seats()),
                        firsts(judge.measures(), ", ")));
        return whole.metrics().isEmpty() ? "" : table + "\n";
    }

    private static String criteria(Overview whole) {
        List<String> lines = whole.criteria().stream()
                .map(criterion -> Printable.cut(criterion, 2 * WIDEST))
                .toList();
        return lines.isEmpty() ? "" : "CRITERIA\n" + String.join("\n", lines) + "\n\n";
    }

    private static void row(Table table, Object... cells) {
        for (int i = 0; i < cells.length; i++) {
            cells[i] = Printable.cut(String.valueOf(cells[i]), WIDEST);
        }
        table.row(cells);
    }

    /** As many of several as a cell has room for. */
    private static String firsts(List<String> all, String between) {
        int shown = 1;
        while (shown < all.size()
                && String.join(between, all.subList(0, shown + 1)).length() <= WIDEST / 2) {
            shown++;
        }
        return shown >= all.size()
                ? String.join(between, all)
                : String.join(between, all.subList(0, shown)) + " and " + (all.size() - shown) + " more";
    }

    /** {@code model large, reference large@pretrain}. */
    private static String text(Map<String, ?> map) {
        return map.entrySet().stream()
                .map(entry -> entry.getKey() + " " + entry.getValue())
                .collect(Collectors.joining(", "));
    }
}
