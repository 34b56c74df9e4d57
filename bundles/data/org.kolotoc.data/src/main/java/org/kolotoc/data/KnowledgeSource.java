package org.kolotoc.data;

import java.util.List;
import org.kolotoc.api.DataContext;
import org.kolotoc.api.DataSource;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.Seat;
import org.kolotoc.api.text.ChoiceDataset;
import org.kolotoc.data.knowledge.Knowledge;
import org.osgi.service.component.annotations.Component;

/**
 * The seat of Czech sentences that a language model can be examined in: as in the lecture's six examples, whoever completes
 * them needs a fact, syntax, a topic, arithmetic, sentiment or anaphora.
 */
@Component
@Seat(kind = Seat.DATA, id = "knowledge", summary = "Czech sentences of six kinds of knowledge, and gaps to fill")
public final class KnowledgeSource implements DataSource<KnowledgeSettings> {
    @Override
    public Class<KnowledgeSettings> settings() {
        return KnowledgeSettings.class;
    }

    @Override
    public Dataset open(KnowledgeSettings settings, DataContext context) {
        long seed = settings.seed() < 0 ? context.seed() : settings.seed();
        Knowledge knowledge = new Knowledge(seed, List.copyOf(settings.kinds()), settings.facts(), context.ledger());
        Source text = ToldText.of("what is known", settings.characters(), knowledge::tell, context);
        return ChoiceDataset.of(new TextData(text, settings.train(), context), knowledge.choices());
    }
}
