package org.kolotoc.engine.feature;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.apache.felix.utils.repository.StaxParser;
import org.kolotoc.api.InputError;
import org.osgi.framework.namespace.IdentityNamespace;
import org.osgi.resource.Capability;
import org.osgi.resource.Resource;

/**
 * The index of a repository of bundles (OSGi Compendium, chapter 132), read by Felix's parser: what each offers and needs,
 * where its jar is, and the hash that it has.
 *
 * @param address it came from, which relative addresses count from
 */
record Index(URI address, List<Resource> resources) {
    private static final String CONTENT = "osgi.content";

    /** Reads one. */
    static Index read(Path file, URI address) {
        try {
            refuseDeclarations(file);
            try (InputStream in = Files.newInputStream(file)) {
                return new Index(address, List.copyOf(StaxParser.parse(address, in).resources));
            }
        } catch (IOException | XMLStreamException | RuntimeException e) {
            if (e instanceof InputError known) {
                throw known;
            }
            throw InputError.of(
                    file + " is no index of a repository: "
                            + String.valueOf(e.getMessage()).replaceAll("\\s+", " "),
                    "expected is a <repository> of http://www.osgi.org/xmlns/repository/v1.0.0, as bnd writes it",
                    e);
        }
    }

    /** A document type could make the parser read other files. */
    private static void refuseDeclarations(Path file) throws IOException, XMLStreamException {
        XMLInputFactory factory = XMLInputFactory.newFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        try (InputStream in = Files.newInputStream(file)) {
            XMLStreamReader reader = factory.createXMLStreamReader(in);
            while (reader.hasNext()) {
                int event = reader.next();
                if (event == XMLStreamConstants.DTD) {
                    throw InputError.of(
                            file + " declares a document type, which an index never needs",
                            "take it out, or give another");
                }
                if (event == XMLStreamConstants.START_ELEMENT) {
                    return;
                }
            }
        }
    }

    /** A bundle of the index as a feature of its own. */
    static String name(Resource resource) {
        return identity(resource, IdentityNamespace.IDENTITY_NAMESPACE);
    }

    static String version(Resource resource) {
        return identity(resource, IdentityNamespace.CAPABILITY_VERSION_ATTRIBUTE);
    }

    private static String identity(Resource resource, String attribute) {
        return resource.getCapabilities(IdentityNamespace.IDENTITY_NAMESPACE).stream()
                .map(capability -> String.valueOf(capability.getAttributes().get(attribute)))
                .findFirst()
                .orElse("");
    }

    /** Where the jar of a bundle is. */
    Offered.Item item(Resource resource) {
        String place = address + ", " + name(resource) + " " + version(resource);
        Map<String, Object> content = resource.getCapabilities(CONTENT).stream()
                .findFirst()
                .map(Capability::getAttributes)
                .orElseThrow(
                        () -> InputError.of(place + ": the index does not say where its jar is", "mend the index"));
        Object url = content.get("url");
        Object hash = content.get(CONTENT);
        try {
            URI jar = address.resolve(URI.create(String.valueOf(url)));
            if (Fetch.isRemote(address) && !Fetch.isRemote(jar)) {
                throw InputError.of(
                        place + ": an index from the network names a file of this machine: " + jar, "do not use it");
            }
            return new Offered.Item(place, jar, hash == null ? "" : hash.toString());
        } catch (IllegalArgumentException e) {
            throw InputError.of(place + ": '" + url + "' is no address of a jar", "mend the index", e);
        }
    }
}
