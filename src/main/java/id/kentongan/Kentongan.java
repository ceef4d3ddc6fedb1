// SPDX-License-Identifier: Apache-2.0
package id.kentongan;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.modulith.Modulithic;

/** Starts the platform. */
@Modulithic(
        systemName = "Kentongan",
        sharedModules = {"kernel", "database"})
@SpringBootApplication
public class Kentongan {
    public static void main(String[] arguments) {
        SpringApplication.run(Kentongan.class, arguments);
    }
}
