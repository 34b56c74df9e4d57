package org.kolotoc.engine.picture;

/**
 * A text in a picture. How wide it becomes only its viewer knows, whose fonts are its own; estimated is what DejaVu Sans takes,
 * the widest of the usual sans-serif fonts.
 */
public final class Label {
    private static final String NARROW = "iljftrI.,:;'|!()[] -·/";
    private static final String WIDE = "mwMW@%";

    /** Where scripts begin whose characters are as wide as high. */
    private static final int SQUARE = 0x1100;

    private Label() {}

    /** Estimated width of a text, in the unit of the font's size. */
    public static double width(String text, double size) {
        return size * text.codePoints().mapToDouble(Label::width).sum();
    }

    private static double width(int character) {
        return switch (Character.getType(character)) {
            case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK -> 0;
            case Character.UPPERCASE_LETTER ->
                character >= SQUARE
                        ? 1.1
                        : WIDE.indexOf(character) < 0 ? NARROW.indexOf(character) < 0 ? 0.79 : 0.4 : 1.0;
            default ->
                character >= SQUARE && character != '…'
                        ? 1.1
                        : NARROW.indexOf(character) >= 0 ? 0.4 : WIDE.indexOf(character) >= 0 ? 1.0 : 0.64;
        };
    }

    /** A text, or its beginning and an ellipsis where it has no room. */
    public static String fitting(String text, double room, double size) {
        if (width(text, size) <= room) {
            return text;
        }
        int end = 0;
        while (end < text.length()) {
            int next = text.offsetByCodePoints(end, 1);
            if (width(text.substring(0, next) + "…", size) > room) {
                break;
            }
            end = next;
        }
        return text.substring(0, end) + "…";
    }
}
