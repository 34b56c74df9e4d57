package org.kolotoc.engine.picture;

import java.util.Locale;
import org.kolotoc.engine.experiment.Printable;

/**
 * An arrow between two boxes.
 *
 * @param kind the class of its colour and its dashes
 * @param title what the pointer is told
 */
record Edge(Box from, Box to, String kind, String title) {
    /** Whether both stand one above the other. */
    boolean isVertical() {
        return from.x == to.x;
    }

    /**
     * The arrow.
     *
     * @param start y where it leaves its box
     * @param end y where it comes to the other
     */
    String svg(int start, int end) {
        return String.format(
                Locale.ROOT,
                "<path class=\"edge %s\" d=\"%s\" marker-end=\"url(#kolotoc-%s)\"><title>%s</title></path>\n",
                kind,
                isVertical() ? down() : across(start, end),
                kind,
                Printable.markup(Printable.cut(title, 300)));
    }

    private String across(int start, int end) {
        boolean right = from.x < to.x;
        int begin = right ? from.x + Box.WIDTH : from.x;
        int finish = right ? to.x : to.x + Box.WIDTH;
        int way = (finish - begin) / 2;
        return String.format(
                Locale.ROOT,
                "M%d %d C%d %d %d %d %d %d",
                begin,
                start,
                begin + way,
                start,
                finish - way,
                end,
                finish,
                end);
    }

    /** To the next one, which stands below. */
    private String down() {
        int x = from.x + Box.WIDTH / 2;
        return String.format(Locale.ROOT, "M%d %d L%d %d", x, from.y + from.height, x, to.y);
    }
}
