package org.kolotoc.develop;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * What the test runners counted.
 *
 * @param tests all of them
 * @param failed those with a failure or an error
 * @param skipped a line for each that was not evaluated: the test and why
 */
record TestReports(int tests, int failed, List<String> skipped) {

    /** Removes those of earlier runs. */
    static void delete(List<Path> folders) throws IOException {
        for (Path report : files(folders)) {
            Files.delete(report);
        }
    }

    /** Reads those below some folders. */
    static TestReports read(List<Path> folders) throws IOException {
        int tests = 0;
        int failed = 0;
        List<String> skipped = new ArrayList<>();
        for (Path report : files(folders)) {
            try (InputStream in = Files.newInputStream(report)) {
                XMLInputFactory factory = XMLInputFactory.newFactory();
                factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
                factory.setProperty(XMLInputFactory.IS_COALESCING, true);
                XMLStreamReader xml = factory.createXMLStreamReader(in);
                String test = "";
                while (xml.hasNext()) {
                    if (xml.next() == XMLStreamReader.START_ELEMENT) {
                        switch (xml.getLocalName()) {
                            case "testsuite" -> {
                                tests += number(xml, "tests");
                                failed += number(xml, "failures") + number(xml, "errors");
                            }
                            case "testcase" -> {
                                String type = attribute(xml, "classname");
                                test = type.substring(type.lastIndexOf('.') + 1) + "." + attribute(xml, "name");
                            }
                            case "skipped" -> skipped.add(test + ": " + reason(attribute(xml, "message"), xml));
                            default -> {}
                        }
                    }
                }
            } catch (XMLStreamException e) {
                throw new Problem("the test report " + report + " can't be read: " + e.getMessage(), e);
            }
        }
        return new TestReports(tests, failed, skipped);
    }

    private static List<Path> files(List<Path> folders) throws IOException {
        List<Path> found = new ArrayList<>();
        for (Path folder : folders) {
            try (Stream<Path> tree = Files.walk(folder)) {
                tree.filter(file -> file.getParent().endsWith("surefire-reports")
                                && file.getFileName().toString().matches("TEST-.*\\.xml"))
                        .sorted()
                        .forEach(found::add);
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
        }
        return found;
    }

    private static int number(XMLStreamReader xml, String name) {
        String value = attribute(xml, name);
        return value.isEmpty() ? 0 : Integer.parseInt(value);
    }

    private static String attribute(XMLStreamReader xml, String name) {
        String value = xml.getAttributeValue(null, name);
        return value == null ? "" : value;
    }

    /** The message without what the test framework puts around it: an exception's name, a stack trace. */
    private static String reason(String message, XMLStreamReader xml) throws XMLStreamException {
        String text = message.isEmpty() ? xml.getElementText().strip().replaceFirst("^[A-Za-z0-9_.$]+: ", "") : message;
        return text.replaceFirst("^Assumption failed: ", "")
                .replaceFirst("(?s)\\s+at [a-z]+\\..*$", "")
                .replaceAll("\\s+", " ")
                .strip();
    }

    /** Whether something was tested and nothing failed. */
    boolean passed() {
        return tests > 0 && failed == 0;
    }

    /** The line that closes a test run. */
    String count() {
        return tests - failed - skipped.size() + " passed, " + failed + " failed, " + skipped.size() + " skipped";
    }
}
