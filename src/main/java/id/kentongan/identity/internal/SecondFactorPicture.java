// SPDX-License-Identifier: Apache-2.0
package id.kentongan.identity.internal;

import com.google.zxing.BarcodeFormat;
import com.google.zxing.WriterException;
import com.google.zxing.qrcode.QRCodeWriter;
import id.kentongan.identity.Tenant;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import javax.imageio.ImageIO;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;

/** The QR code an authenticator app reads. */
final class SecondFactorPicture {
    private static final int SIDE = 240;

    private SecondFactorPicture() {}

    static ResponseEntity<byte[]> of(Tenant tenant, String secret) {
        // An app shows a plus as a plus: blanks must be %20 here.
        var label = URLEncoder.encode("Kentongan " + tenant.shortName(), StandardCharsets.UTF_8)
                .replace("+", "%20");
        return ResponseEntity.ok()
                .contentType(MediaType.IMAGE_PNG)
                .header("Cache-Control", "no-store")
                .body(png("otpauth://totp/" + label + "?secret=" + secret + "&issuer=Kentongan"));
    }

    private static byte[] png(String text) {
        try {
            var matrix = new QRCodeWriter().encode(text, BarcodeFormat.QR_CODE, SIDE, SIDE);
            var image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_BYTE_BINARY);
            for (var y = 0; y < SIDE; y++) {
                for (var x = 0; x < SIDE; x++) {
                    image.setRGB(x, y, matrix.get(x, y) ? 0x000000 : 0xFFFFFF);
                }
            }
            var out = new ByteArrayOutputStream();
            ImageIO.write(image, "png", out);
            return out.toByteArray();
        } catch (WriterException e) {
            throw new IllegalStateException("The code did not fit", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
