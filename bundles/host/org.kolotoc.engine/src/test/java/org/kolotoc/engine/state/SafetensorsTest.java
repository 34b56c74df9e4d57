package org.kolotoc.engine.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.kolotoc.tensor.DType;

/** Files of the safetensors format that somebody else wrote, or broke: read whole, or refused with words. */
final class SafetensorsTest {
    @TempDir
    Path folder;

    private Map<String, Snapshot.Entry> read(byte[] header, long length, int elements) throws IOException {
        ByteBuffer content = ByteBuffer.allocate(8 + header.length + elements).order(ByteOrder.LITTLE_ENDIAN);
        content.putLong(length).put(header);
        for (int i = 0; i < elements; i++) {
            content.put((byte) i);
        }
        return Safetensors.read(Files.write(folder.resolve("some.safetensors"), content.array()));
    }

    private Map<String, Snapshot.Entry> read(String header, int elements) throws IOException {
        byte[] bytes = header.getBytes(StandardCharsets.UTF_8);
        return read(bytes, bytes.length, elements);
    }

    private static String tensor(String name, String shape, long from, long to) {
        return "\"" + name + "\":{\"dtype\":\"F32\",\"shape\":" + shape + ",\"data_offsets\":[" + from + "," + to
                + "]}";
    }

    /** As other programs write them: any order of fields and tensors, metadata of their own, spaces behind. */
    @Test
    void whatOthersWriteIsRead() throws IOException {
        Map<String, Snapshot.Entry> tensors = read("""
            {"b" : {"data_offsets": [8, 20], "shape": [3], "dtype": "I32"},
             "__metadata__": {"format": "pt", "made by": "hand"},
             "empty": {"dtype": "F32", "shape": [2, 0], "data_offsets": [8, 8]},
             "\\u0061": {"dtype": "F32", "shape": [1, 2], "data_offsets": [0, 8]},
             "scalar": {"dtype": "F32", "shape": [], "data_offsets": [20, 24]}}      \
            """, 24);
        assertEquals(List.of("a", "b", "empty", "scalar"), List.copyOf(tensors.keySet()));
        assertEquals(DType.I32, tensors.get("b").dtype());
        int[] first = new int[1];
        tensors.get("b").read((_, part) -> first[0] = part.getInt(0));
        assertEquals(0x0B0A0908, first[0]);
        assertEquals(Map.of(), read("{}", 0));
        assertEquals(Map.of(), read("{\"__metadata__\":{}}", 0));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // Between, before, behind: bytes that belong to nobody, or to two.
                "{A[2]0-8,B[1]12-16}",
                "{A[2]4-12,B[1]12-16}",
                "{A[2]0-8,B[1]8-12}",
                "{A[2]0-8,B[2]4-12,C[1]12-16}",
                "{A[4]0-16,B[4]0-16}",
                "{A[4]0-16,B[0]8-8}",
                "{}",
                // What the shape says and what the offsets say.
                "{A[3]0-16}",
                "{A[4]16-0}",
                "{A[5]0-20}",
                "{A[-4]0-16}",
                "{A[-2,-2]0-16}",
                "{A[4]-16-0}",
                "{A[4.0]0-16}",
                "{A[\"4\"]0-16}",
                "{A[4]0-16.0}",
                "{A[4]0-1e99999}",
                "{A[4,1099511627776,16777216]0-16}",
                "{A[4294967296,4294967296]0-0,B[4]0-16}",
                "{A[65536,65536]0-0,B[4]0-16}",
                "{A[0,4294967296]0-0,B[4]0-16}",
                "{A[9223372036854775807]0-16}",
                "{A[99999999999999999999]0-16}",
                "{A[4]9223372036854775807-9223372036854775807}",
                "{A[4]0-9223372036854775807}",
                // Names that are there twice, or are none.
                "{A[2]0-8,A[2]8-16}",
                "{A[4]0-16,A[4]0-16}",
                "{A[4]0-16,\"__metadata__\":{},\"__metadata__\":{}}",
                "{A[4]0-16,\"__metadata__\":{\"x\":\"1\",\"x\":\"2\"}}",
                "{unquoted:{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,16]}}",
                "{'single':{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,16]}}",
                // Other fields, and values of other types.
                "{\"A\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,16],\"more\":1}}",
                "{\"A\":{\"dtype\":\"F32\",\"dtype\":\"I32\",\"shape\":[4],\"data_offsets\":[0,16]}}",
                "{\"A\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,8,16]}}",
                "{\"A\":{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[16]}}",
                "{\"A\":{\"dtype\":\"F32\",\"shape\":4,\"data_offsets\":[0,16]}}",
                "{\"A\":{\"dtype\":\"F32\",\"shape\":[[4]],\"data_offsets\":[0,16]}}",
                "{\"A\":{\"dtype\":\"F32\",\"shape\":[null],\"data_offsets\":[0,16]}}",
                "{\"A\":{\"dtype\":\"F64\",\"shape\":[2],\"data_offsets\":[0,16]}}",
                "{\"A\":{\"dtype\":4,\"shape\":[4],\"data_offsets\":[0,16]}}",
                "{\"A\":{\"shape\":[4],\"data_offsets\":[0,16]}}",
                "{\"A\":[4]}",
                "{\"A\":null}",
                "{A[4]0-16,\"__metadata__\":{\"x\":1}}",
                "{A[4]0-16,\"__metadata__\":[]}",
                "{A[4]0-16,\"__metadata__\":{\"bool:A\":\"true\"}}",
                "{A[4]0-16,\"__metadata__\":{\"bool:B\":\"true\"}}",
                // No object, or not only one.
                "[]",
                "null",
                "{A[4]0-16}}",
                "{A[4]0-16},",
                "{A[4]0-16",
                "{A[4]0-16,}",
                " {A[4]0-16}",
                "{A[4]0-16}//",
                "\ufeff{A[4]0-16}",
            })
    void whatIsNotAsDescribedIsRefused(String shorthand) {
        String header = shorthand.replaceAll(
                "([A-C])(\\[[^\\]]*\\])(-?[0-9]+)-(-?[0-9.e]+)",
                "\"$1\":{\"dtype\":\"F32\",\"shape\":$2,\"data_offsets\":[$3,$4]}");
        IOException error = assertThrows(IOException.class, () -> read(header, 16), header);
        assertTrue(error.getMessage().matches("(?s)(has|holds|places|says|describes) .+"), error.getMessage());
    }

    @Test
    void aHeaderOfNoTextOrOfAnotherLengthIsRefused() throws IOException {
        byte[] header = ("{" + tensor("a\u00e4", "[4]", 0, 16) + "}").getBytes(StandardCharsets.UTF_8);
        assertEquals(1, read(header, header.length, 16).size());
        header[3] ^= (byte) 0x80;
        assertThrows(IOException.class, () -> read(header, header.length, 16), "no UTF-8");
        header[3] ^= (byte) 0x80;
        for (long length : new long[] {
            0, 1, -1, Long.MIN_VALUE, Long.MAX_VALUE, header.length - 1, header.length + 1, header.length + 17, 1L << 32
        }) {
            assertThrows(IOException.class, () -> read(header, length, 16), "length " + length);
        }
        String deep = "{\"a\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}";
        assertThrows(IOException.class, () -> read(deep, 0));
    }

    /**
     * Headers by chance, sound ones and such as are broken in one place; whether they are sound is known from how they
     * were made.
     */
    @Test
    void soundOnesAreReadAndNoOthers() throws IOException {
        for (int seed = 0; seed < 400; seed++) {
            Random random = new Random(seed);
            int count = 1 + random.nextInt(4);
            List<String> tensors = new ArrayList<>();
            int at = 0;
            int broken = random.nextBoolean() ? random.nextInt(count) : -1;
            for (int i = 0; i < count; i++) {
                int rank = random.nextInt(4);
                int[] shape = random.ints(rank, 0, 4).toArray();
                int size = 4 * Arrays.stream(shape).reduce(1, (a, b) -> a * b);
                int from = at;
                int to = at + size;
                if (i == broken) {
                    int by = 4 * (1 + random.nextInt(2));
                    switch (random.nextInt(4)) {
                        case 0 -> to += by;
                        case 1 -> from += by;
                        case 2 -> {
                            from -= by;
                            to -= by;
                        }
                        default -> {
                            from += by;
                            to += by;
                        }
                    }
                }
                tensors.add(tensor("t" + i, Arrays.toString(shape), from, to));
                at += size;
            }
            Collections.shuffle(tensors, random);
            String header = "{" + String.join(",", tensors) + "}";
            int bytes = at;
            if (broken < 0) {
                assertEquals(count, read(header, bytes).size(), "seed " + seed + ": " + header);
            } else if (!bordering(tensors, bytes)) {
                assertThrows(IOException.class, () -> read(header, bytes), "seed " + seed + ": " + header);
            }
        }
    }

    /**
     * Whether a broken one is sound all the same (an empty tensor moved to another border), found the slow way: every byte
     * belongs to exactly one tensor, and no empty one lies within another.
     */
    private static boolean bordering(List<String> tensors, int bytes) {
        int[] owners = new int[bytes];
        List<int[]> places = new ArrayList<>();
        for (String tensor : tensors) {
            String shape = tensor.replaceAll(".*\"shape\":\\[([^]]*)\\].*", "$1");
            int size = 4;
            for (String extent : shape.isBlank() ? new String[0] : shape.split(",")) {
                size *= Integer.parseInt(extent.strip());
            }
            String[] offsets =
                    tensor.replaceAll(".*\\[(-?\\d+,-?\\d+)\\]}", "$1").split(",");
            int from = Integer.parseInt(offsets[0]);
            int to = Integer.parseInt(offsets[1]);
            if (from < 0 || to > bytes || to - from != size) {
                return false;
            }
            for (int i = from; i < to; i++) {
                owners[i]++;
            }
            places.add(new int[] {from, to});
        }
        return Arrays.stream(owners).allMatch(owner -> owner == 1)
                && places.stream()
                        .allMatch(empty -> empty[0] < empty[1]
                                || places.stream().noneMatch(other -> other[0] < empty[0] && empty[0] < other[1]));
    }

    /** Whatever stands there: a refusal in words, or tensors that lie within the file. */
    @Test
    void nothingButARefusalComesOfBytesByChance() throws IOException {
        byte[] sound = ("{\"__metadata__\":{\"bool:b\":\"true\"},"
                        + tensor("a", "[2, 1]", 0, 8)
                        + ","
                        + tensor("b", "[2]", 8, 16).replace("F32", "I32")
                        + "}")
                .getBytes(StandardCharsets.UTF_8);
        assertEquals(2, read(sound, sound.length, 16).size());
        byte[] letters = "{}[]\",:0123456789-.eE\\u \tabF3Itrueflsn\u0000\u007f".getBytes(StandardCharsets.UTF_8);
        int refused = 0;
        for (int seed = 0; seed < 1000; seed++) {
            Random random = new Random(seed);
            byte[] header = sound.clone();
            for (int i = random.nextInt(3); i >= 0; i--) {
                int place = random.nextInt(header.length);
                switch (random.nextInt(3)) {
                    case 0 -> header[place] = letters[random.nextInt(letters.length)];
                    case 1 -> header[place] = (byte) random.nextInt();
                    default ->
                        System.arraycopy(
                                sound, random.nextInt(sound.length - 8), header, Math.min(place, sound.length - 8), 8);
                }
            }
            try {
                for (Snapshot.Entry tensor : read(header, header.length, 16).values()) {
                    long[] bytes = new long[1];
                    tensor.read((_, part) -> bytes[0] += part.limit());
                    assertEquals(tensor.bytes(), bytes[0]);
                    assertTrue(bytes[0] <= 16);
                }
            } catch (IOException _) {
                refused++;
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + ": " + new String(header, StandardCharsets.UTF_8), e);
            }
        }
        assertTrue(refused > 600, refused + " of 1000 were refused");
    }
}
