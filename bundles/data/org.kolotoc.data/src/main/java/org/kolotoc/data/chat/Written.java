package org.kolotoc.data.chat;

import java.util.List;
import org.kolotoc.api.InputError;
import org.kolotoc.data.verse.Form;
import org.kolotoc.data.verse.Poet;

/** Settings of verses, alone or beside each other: how well they are written, and in which forms. */
interface Written {
    /** Share of the couplets that rhyme, and of the lines that scan. */
    double skill();

    List<Form> forms();

    /**
     * Who writes them.
     *
     * @throws InputError when there is no form
     */
    default Poet poet() {
        if (forms().isEmpty()) {
            throw InputError.field("forms", "is empty; expected at least one of " + List.of(Form.values()));
        }
        return new Poet(skill(), forms());
    }
}
