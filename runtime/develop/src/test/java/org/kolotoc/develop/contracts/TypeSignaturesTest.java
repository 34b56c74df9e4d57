package org.kolotoc.develop.contracts;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TypeSignaturesTest {
    @TempDir
    Path folder;

    private void expect(String source, String... lines) throws IOException {
        Map<String, ExportedPackage> found = Compiled.exported(
                folder,
                Map.of(
                        "p/package-info.java",
                        Compiled.info("p", "0.3.1"),
                        "p/A.java",
                        "package p; " + source,
                        "q/package-info.java",
                        "package q;",
                        "q/B.java",
                        "package q; public class B {}"));
        assertEquals(List.of("p"), List.copyOf(found.keySet()));
        assertEquals("0.3.1", found.get("p").version());
        assertEquals(List.of(lines), List.copyOf(found.get("p").signatures()));
    }

    @Test
    void whatOthersCanNameIsListed() throws IOException {
        expect(
                """
                public sealed abstract class A<T extends Number & Runnable, U> implements Runnable permits A.C {
                    public static final String NAME = "a\\"b";
                    protected java.util.List<? super T> list;
                    int own;
                    protected A(int... numbers) throws java.io.IOException {}
                    void own() {}
                    public <X extends Exception> java.util.Map<String, ?> map(T[] of, byte b) throws X { return null; }
                    @Override public String toString() { return ""; }
                    private static class Hidden { public static class Inner { public void f() {} } }
                    public static final class C extends A<Integer_, String> {
                        public C() throws java.io.IOException {}
                        @Override public void run() { new Object() { public void f() {} }; }
                    }
                    protected static abstract class Integer_ extends Number implements Runnable {}
                }
                class Own { public void f() {} }
                """,
                "A : abstract class<T extends Number & Runnable, U> implements Runnable permits p.A.C",
                "A.C : final static class extends p.A<p.A.Integer_, String>",
                "A.C.new() : A.C throws java.io.IOException",
                "A.C.run() : void",
                "A.Integer_ : abstract protected static class extends Number implements Runnable",
                "A.Integer_.new() : protected A.Integer_",
                "A.NAME : final static String = \"a\\\"b\"",
                "A.list : protected java.util.List<? super T>",
                "A.map(T[], byte) : <X extends Exception> java.util.Map<String, ?> throws X",
                "A.new(int...) : protected A throws java.io.IOException");
    }

    @Test
    void kindsOfTypesAreTold() throws IOException {
        expect(
                """
                @org.osgi.annotation.versioning.ConsumerType
                public interface A extends Runnable {
                    record Pair(int left, A right) {}
                    enum Way { IN, OUT }
                    @interface Mark { String value() default "x"; int other(); }
                }
                """,
                "A : @ConsumerType interface extends Runnable",
                "A.Mark : static annotation extends java.lang.annotation.Annotation",
                "A.Mark.other() : abstract int",
                "A.Mark.value() : abstract String with a default",
                "A.Pair : final static record(left, right) extends Record",
                "A.Pair.left() : int",
                "A.Pair.new(int, p.A) : A.Pair",
                "A.Pair.right() : p.A",
                "A.Way : final static enum extends Enum<p.A.Way>",
                "A.Way.IN : final static p.A.Way",
                "A.Way.OUT : final static p.A.Way",
                "A.Way.valueOf(String) : static p.A.Way",
                "A.Way.values() : static p.A.Way[]");
    }
}
