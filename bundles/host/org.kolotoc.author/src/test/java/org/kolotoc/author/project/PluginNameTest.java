package org.kolotoc.author.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.kolotoc.api.InputError;

final class PluginNameTest {
    @Test
    void oneNameServesAllPlaces() {
        assertEquals(new PluginName("my-2nd-thing", "My2ndThing", "my2ndthing"), named("my-2nd-thing"));
        assertEquals(
                new PluginName("rhymes", "Rhymes", "org.example.rhymes"),
                PluginName.of("rhymes", Optional.of("org.example.rhymes")));
    }

    private static PluginName named(String id) {
        return PluginName.of(id, Optional.empty());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        MyModel                                    | can't be called 'MyModel'      | as my-model
        my model                                   | can't be called 'my model'     | as my-model
        2nd                                        | can't be called '2nd'          | as nd
        ../up                                      | can't be called '../up'        | as up
        -x                                         | can't be called '-x'           | as x
        ''                                         | can't be called ''             | as my-thing
        ñ                                          | can't be called 'ñ'            | as my-thing
        a-very-long-name-that-nobody-wants-to-type | at most 40                     | as my-thing
        string                                     | would be called String         | as my-string
        native                                     | package of 'native' would be   | --package my.natives
        """)
    void aNameThatIsNoneSomewhereIsRefusedWithOneThatIs(String id, String message, String next) {
        InputError refused = assertThrows(InputError.class, () -> named(id));
        assertTrue(refused.getMessage().contains(message), refused.getMessage());
        assertTrue(refused.next().endsWith(next), refused.next());
    }

    @ParameterizedTest
    @CsvSource({"My.Package", "a..b", "a.class.b", "java.util", "org.kolotoc.model.mine", "'a b'", "''"})
    void aPackageThatIsNotYoursOrNoneIsRefused(String path) {
        InputError refused = assertThrows(InputError.class, () -> PluginName.of("mine", Optional.of(path)));
        assertTrue(refused.getMessage().startsWith("--package " + path + ": "), refused.getMessage());
        assertFalse(refused.next().isBlank());
    }
}
