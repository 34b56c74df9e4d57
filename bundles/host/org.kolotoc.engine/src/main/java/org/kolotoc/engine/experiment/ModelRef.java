package org.kolotoc.engine.experiment;

/**
 * A model, as it is trained, or as it was at the end of a phase: {@code policy}, {@code policy@finetune}.
 *
 * @param model its name in the experiment
 * @param phase after which it stays as it is; empty where it is trained on
 */
public record ModelRef(String model, String phase) {
    private static final char AT = '@';

    /** Reads what {@link #toString} writes. */
    public static ModelRef of(String text) {
        int at = text.indexOf(AT);
        return at < 0 ? new ModelRef(text, "") : new ModelRef(text.substring(0, at), text.substring(at + 1));
    }

    /** Whether these weights stay as they are. */
    public boolean frozen() {
        return !phase.isEmpty();
    }

    /** The owner of its tensors in the train state. */
    @Override
    public String toString() {
        return frozen() ? model + AT + phase : model;
    }
}
