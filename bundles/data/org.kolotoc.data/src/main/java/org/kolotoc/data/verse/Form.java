package org.kolotoc.data.verse;

/** Which of four lines rhyme. */
public enum Form {
    AABB(1, 0, 3, 2),
    ABAB(2, 3, 0, 1),
    ABBA(3, 2, 1, 0);

    private final int[] partners;

    Form(int... partners) {
        this.partners = partners;
    }

    /** The line that belongs to one, from 0 to 3. */
    int partner(int line) {
        return partners[line];
    }
}
