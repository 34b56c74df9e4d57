package org.kolotoc.launcher.trust;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSigner;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Certificates that a policy names: of those who sign, or of authorities that certify these. They have to be valid now,
 * whatever a time stamp says: nobody vouches for those who make such stamps.
 *
 * @param file they were read from, X.509 in PEM form, as {@code keytool -rfc} writes it
 */
record Keys(Path file, List<X509Certificate> certificates) {
    private static final String ANY_USE = "2.5.29.37.0";
    private static final String CODE_SIGNING = "1.3.6.1.5.5.7.3.3";
    private static final String HOW = "write one: keytool -exportcert -rfc -keystore <keystore> -alias <alias> -file ";

    static Keys read(Path file) throws Distrust {
        try (InputStream in = Files.newInputStream(file)) {
            List<X509Certificate> found = new ArrayList<>();
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                found.add((X509Certificate) certificate);
            }
            if (found.isEmpty()) {
                throw new Distrust("has no certificate", HOW + file);
            }
            return new Keys(file, List.copyOf(found));
        } catch (IOException e) {
            throw Distrust.unreadable(e, HOW + file);
        } catch (CertificateException e) {
            throw new Distrust("holds no certificates in PEM form: " + e.getMessage(), HOW + file, e);
        }
    }

    /** Refuses who signed, unless a certificate of the file is theirs, or stands for theirs. */
    void require(CodeSigner signer) throws Distrust {
        List<X509Certificate> path = signer.getSignerCertPath().getCertificates().stream()
                .map(X509Certificate.class::cast)
                .toList();
        X509Certificate own = path.getFirst();
        if (certificates.contains(own)) {
            requireValid(own);
        } else {
            requireCertified(own, path);
        }
    }

    private static void requireValid(X509Certificate certificate) throws Distrust {
        try {
            certificate.checkValidity();
        } catch (CertificateException e) {
            throw outdated(certificate, e instanceof CertificateExpiredException, e);
        }
    }

    private static Distrust outdated(X509Certificate certificate, boolean expired, Exception cause) {
        return new Distrust(
                "is signed by " + name(certificate) + ", whose certificate "
                        + (expired
                                ? "was valid until " + certificate.getNotAfter().toInstant()
                                : "is not valid before "
                                        + certificate.getNotBefore().toInstant()),
                "ask whoever made it for one that is signed with a valid key",
                cause);
    }

    private void requireCertified(X509Certificate own, List<X509Certificate> path) throws Distrust {
        Set<TrustAnchor> authorities = certificates.stream()
                .filter(certificate -> certificate.getBasicConstraints() >= 0 && isValid(certificate))
                .map(certificate -> new TrustAnchor(certificate, null))
                .collect(Collectors.toSet());
        if (authorities.isEmpty()) {
            throw unknown(own, null);
        }
        try {
            PKIXParameters parameters = new PKIXParameters(authorities);
            // No list of revoked certificates is fetched: who takes a key back takes it out of the file.
            parameters.setRevocationEnabled(false);
            List<X509Certificate> below = path.stream()
                    .takeWhile(certificate -> !certificates.contains(certificate))
                    .toList();
            CertPathValidator.getInstance("PKIX")
                    .validate(CertificateFactory.getInstance("X.509").generateCertPath(below), parameters);
        } catch (CertPathValidatorException e) {
            boolean expired = e.getReason() == BasicReason.EXPIRED;
            if (expired || e.getReason() == BasicReason.NOT_YET_VALID) {
                throw outdated(path.get(Math.max(0, e.getIndex())), expired, e);
            }
            throw unknown(own, e);
        } catch (GeneralSecurityException e) {
            throw unknown(own, e);
        }
        if (!isForCode(own)) {
            throw new Distrust(
                    "is signed by " + name(own) + ", whose certificate is not for signing code",
                    "ask whoever made it for one that is signed with such a key");
        }
    }

    private static boolean isValid(X509Certificate certificate) {
        try {
            certificate.checkValidity();
            return true;
        } catch (CertificateException _) {
            return false;
        }
    }

    private static boolean isForCode(X509Certificate certificate) {
        try {
            List<String> uses =
                    Optional.ofNullable(certificate.getExtendedKeyUsage()).orElse(List.of(ANY_USE));
            return uses.contains(CODE_SIGNING) || uses.contains(ANY_USE);
        } catch (CertificateParsingException _) {
            return false;
        }
    }

    private Distrust unknown(X509Certificate own, Exception cause) {
        return new Distrust(
                "is signed by " + name(own) + ", whose key is not in " + file,
                "if you trust whoever that is, add the certificate: keytool -printcert -rfc -jarfile <jar> >> " + file,
                cause);
    }

    private static String name(X509Certificate certificate) {
        String name = certificate.getSubjectX500Principal().getName().replaceAll("[^\\p{Print}]", "?");
        return name.length() > 200 ? name.substring(0, 200) + "..." : name;
    }
}
