package org.kolotoc.data.knowledge;

import java.util.ArrayList;
import java.util.List;
import org.kolotoc.api.text.Choice;

/** What a language model may be examined in. */
interface Subject {
    /** A paragraph; none tells what is asked for. */
    String told(Draws draws);

    /** Everything that is asked for, in an order that stays. */
    List<Choice> heldOut();

    /** The lecture's own sentence of this kind. */
    Choice slide();

    /**
     * A choice whose right option stands where a number says, so that no place is right more often than another.
     *
     * @param others wrong options, in the order in which they stand
     */
    static Choice choice(String kind, String before, String right, List<String> others, String after, int number) {
        List<String> options = new ArrayList<>(others);
        int place = number % (others.size() + 1);
        options.add(place, right);
        return new Choice(kind, before, options, after, place);
    }
}
