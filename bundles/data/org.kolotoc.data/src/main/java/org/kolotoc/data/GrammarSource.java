package org.kolotoc.data;

import java.nio.charset.StandardCharsets;
import org.kolotoc.api.DataContext;
import org.kolotoc.api.DataSource;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Seat;
import org.osgi.service.component.annotations.Component;

/** The seat of a text by rules that the experiment gives: how often what follows what is known beforehand. */
@Component
@Seat(kind = Seat.DATA, id = "grammar", summary = "a text by rules with exact frequencies")
public final class GrammarSource implements DataSource<GrammarSettings> {
    /** Characters that are held. */
    private static final int MOST = 1 << 28;

    @Override
    public Class<GrammarSettings> settings() {
        return GrammarSettings.class;
    }

    @Override
    public Dataset open(GrammarSettings settings, DataContext context) {
        long seed = settings.seed() < 0 ? context.seed() : settings.seed();
        Grammar grammar = new Grammar(settings.rules(), settings.start(), seed);
        StringBuilder text = new StringBuilder();
        long all = (long) settings.paragraphs() + settings.heldOut();
        long cut = 0;
        for (long i = 0; i < all; i++) {
            cut = i == settings.paragraphs() ? text.length() : cut;
            text.append(grammar.text(settings.start())).append('\n');
            if (text.length() > MOST) {
                throw InputError.field(
                        "paragraphs", settings.paragraphs() + " of them are more than 2^28 characters; expected fewer");
            }
            context.reached("writing by the grammar", i + 1, all);
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        return new TextData(new Source.Memory("of the grammar", bytes), cut, context);
    }
}
