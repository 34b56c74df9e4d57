package org.kolotoc.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.Manifest;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every import of the built bundles points down, as the table of {@code docs/architecture.md} draws it. */
class ArrowsTest {
    @Test
    void everyImportPointsDown() {
        List<BundleManifest> bundles = Assembled.ownBundles();
        assertTrue(bundles.size() >= 14, () -> "too few bundles were read: " + bundles);
        List<String> offences = Arrows.TABLE.offences(bundles);
        assertTrue(offences.isEmpty(), () -> String.join("\n", offences));
    }

    @Test
    void tensorNeedsJavaBaseAlone() {
        StringWriter out = new StringWriter();
        StringWriter errors = new StringWriter();
        int code = ToolProvider.findFirst("jdeps")
                .orElseThrow()
                .run(
                        new PrintWriter(out),
                        new PrintWriter(errors),
                        "--ignore-missing-deps",
                        "--print-module-deps",
                        Assembled.jar("org.kolotoc.tensor").toString());
        assertEquals(0, code, errors::toString);
        assertEquals("java.base", out.toString().strip());
    }

    /** Each line breaks one rule: the test above can fail, and says what is wrong. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        org.kolotoc.tensor         | Import-Package: com.google.gson;version="[2,3)" | L0
        org.kolotoc.tensor         | Import-Package: org.kolotoc.api                 | L0
        org.kolotoc.api            | Import-Package: org.kolotoc.nn                  | L1
        org.kolotoc.nn             | Import-Package: org.kolotoc.api.text            | L1
        org.kolotoc.compiler       | Import-Package: org.kolotoc.backend.cpu         | L1
        org.kolotoc.model.bad      | Import-Package: org.kolotoc.phase.pretrain      | L2
        org.kolotoc.model.bad      | Import-Package: org.kolotoc.engine              | L2
        org.kolotoc.model.bad      | Import-Package: com.google.gson                 | L2
        org.kolotoc.text           | Import-Package: org.kolotoc.data                | L2
        org.kolotoc.phase.bad      | Import-Package: org.kolotoc.compiler            | L2
        org.kolotoc.backend.bad    | Import-Package: org.kolotoc.api                 | L2
        org.kolotoc.backend.cpu    | Import-Package: uk.ac.manchester.tornado.api    | L2
        org.kolotoc.backend.tornado | Import-Package: jdk.vm.ci.meta                 | L2
        org.kolotoc.backend.tornado | Import-Package: org.kolotoc.backend.cpu        | L2
        org.kolotoc.engine         | Import-Package: uk.ac.manchester.tornado.api    | L3
        org.kolotoc.engine         | Import-Package: org.kolotoc.backend.cpu         | L3
        org.kolotoc.engine         | Import-Package: org.kolotoc.nn                  | L3
        org.kolotoc.shell          | Import-Package: org.kolotoc.tensor              | L4
        org.kolotoc.launcher       | Import-Package: org.kolotoc.engine              | L5
        org.kolotoc.model.bad      | Import-Package: org.kolotoc.nowhere             | L2
        org.kolotoc.stranger       | Import-Package: org.kolotoc.tensor              | no line in the table
        org.kolotoc.model.bad      | Require-Bundle: org.kolotoc.engine              | Require-Bundle
        org.kolotoc.model.bad      | DynamicImport-Package: *                        | DynamicImport-Package
        org.kolotoc.model.bad      | Fragment-Host: org.kolotoc.engine               | fragment of org.kolotoc.engine
        """)
    void aBrokenRuleIsNamed(String bundle, String header, String rule) throws IOException {
        BundleManifest broken = manifest("Bundle-SymbolicName: " + bundle, header);
        List<BundleManifest> bundles = new ArrayList<>(Assembled.ownBundles());
        bundles.removeIf(b -> b.name().equals(bundle));
        bundles.add(broken);
        List<String> offences = Arrows.TABLE.offences(bundles);
        assertEquals(1, offences.size(), () -> "expected one offence: " + offences);
        String offence = offences.getFirst();
        assertTrue(offence.startsWith(bundle + " ") && offence.contains(rule), offence);
        broken.imports().forEach(path -> assertTrue(rule.startsWith("no") || offence.contains(path), offence));
    }

    @Test
    void headersAreReadWithTheirAttributes() throws IOException {
        BundleManifest read = manifest(
                "Bundle-SymbolicName: a.b;singleton:=true",
                "Import-Package: x.y;z;version=\"[1,2)\",own,w;resolution:=optional",
                "Export-Package: own;version=\"1\";uses:=\"x.y,z\"");
        assertEquals("a.b", read.name());
        assertEquals("[w, x.y, z]", read.imports().toString());
        assertEquals("[own]", read.exports().toString());
    }

    private static BundleManifest manifest(String... lines) throws IOException {
        String text = "Manifest-Version: 1.0\n" + String.join("\n", lines) + "\n";
        return BundleManifest.of(new Manifest(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8))));
    }
}
