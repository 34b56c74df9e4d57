package org.kolotoc.data.chat;

import java.nio.file.Path;
import java.util.List;
import org.kolotoc.api.DataContext;
import org.kolotoc.api.Ledger;
import org.kolotoc.api.PublicFile;
import org.kolotoc.api.text.Text;
import org.kolotoc.api.text.Tokenizer;

/** A context whose ledger is a list. */
record Told(DataContext context, List<String> said) implements DataContext {
    @Override
    public Path file(String path) {
        return context.file(path);
    }

    @Override
    public List<String> files(String folder) {
        return context.files(folder);
    }

    @Override
    public Path file(PublicFile file) {
        return context.file(file);
    }

    @Override
    public Tokenizer tokenizer(Text trainingText) {
        return context.tokenizer(trainingText);
    }

    @Override
    public long seed() {
        return context.seed();
    }

    @Override
    public Path scratch() {
        return context.scratch();
    }

    @Override
    public void reached(String what, long done, long all) {
        context.reached(what, done, all);
    }

    @Override
    public Ledger ledger() {
        return (kind, field, sentence) -> said.add(kind.label() + " " + field + ": " + sentence);
    }
}
