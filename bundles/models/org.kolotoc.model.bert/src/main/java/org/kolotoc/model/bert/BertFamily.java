package org.kolotoc.model.bert;

import java.util.List;
import java.util.Set;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.InputError;
import org.kolotoc.api.ModelFamily;
import org.kolotoc.api.Seat;
import org.kolotoc.api.checkpoint.ForeignConfig;
import org.kolotoc.api.checkpoint.ForeignFamily;
import org.kolotoc.api.checkpoint.ForeignModel;
import org.kolotoc.api.checkpoint.WrittenModel;
import org.osgi.service.component.annotations.Component;

/** The seat of encoders of any size. */
@Component(service = ModelFamily.class)
@Seat(kind = Seat.MODEL, id = "bert", summary = "BERT and RoBERTa: a transformer that reads to both sides of a token")
public final class BertFamily implements ModelFamily<BertSettings>, ForeignFamily<BertSettings> {
    @Override
    public Class<BertSettings> settings() {
        return BertSettings.class;
    }

    @Override
    public Bert create(BertSettings settings, Dimensions data) {
        if (settings.width() % settings.heads() != 0) {
            throw InputError.field("heads", settings.heads() + " heads do not divide the width " + settings.width());
        }
        return new Bert(settings, data);
    }

    @Override
    public List<String> architectures() {
        return BertCheckpoint.ARCHITECTURES;
    }

    @Override
    public ForeignModel<BertSettings> read(ForeignConfig config, Set<String> tensors) {
        return BertCheckpoint.read(config, tensors);
    }

    @Override
    public WrittenModel write(BertSettings settings, Dimensions data) {
        return BertCheckpoint.write(settings, data);
    }
}
