package org.kolotoc.text;

import java.nio.charset.StandardCharsets;
import org.kolotoc.api.Seat;
import org.kolotoc.api.Settings;
import org.kolotoc.api.text.Text;
import org.kolotoc.api.text.Tokenizer;
import org.kolotoc.api.text.TokenizerFamily;
import org.osgi.service.component.annotations.Component;

/** The seat of the tokenizer that reads UTF-8 bytes: nothing is ever outside its vocabulary of 256. */
@Component
@Seat(kind = Seat.TOKENIZER, id = "byte", summary = "one token a UTF-8 byte, 256 in all; reads any text")
public final class ByteTokenizers implements TokenizerFamily<Settings.None> {
    @Override
    public Class<Settings.None> settings() {
        return Settings.None.class;
    }

    @Override
    public Tokenizer fit(Settings.None settings, Text trainingText) {
        return new Bytes();
    }

    @Override
    public Tokenizer restore(String state) {
        return new Bytes();
    }

    private record Bytes() implements Tokenizer {
        private static final int VOCAB = 256;

        @Override
        public int vocab() {
            return VOCAB;
        }

        @Override
        public int[] encode(String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            int[] tokens = new int[bytes.length];
            for (int i = 0; i < tokens.length; i++) {
                tokens[i] = bytes[i] & 0xFF;
            }
            return tokens;
        }

        /** Any character ends with a token. */
        @Override
        public int cut(CharSequence beginning) {
            return beginning.length();
        }

        /** Bytes that are no UTF-8 become the replacement character. */
        @Override
        public String decode(int[] tokens) {
            byte[] bytes = new byte[tokens.length];
            for (int i = 0; i < tokens.length; i++) {
                if (tokens[i] < 0 || tokens[i] >= VOCAB) {
                    throw new IllegalArgumentException("token " + tokens[i] + " is not in [0, " + VOCAB + ")");
                }
                bytes[i] = (byte) tokens[i];
            }
            return new String(bytes, StandardCharsets.UTF_8);
        }

        @Override
        public String state() {
            return "";
        }
    }
}
