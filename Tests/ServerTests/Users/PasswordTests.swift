import EventModel
import HTTPTypes
import Testing

@testable import Server

struct PasswordTests {
    private static let cheap = PasswordCost(logN: 4, blockSize: 1, parallelism: 1)
    private let email = EmailAddress("Ann@Shop.example")

    @Test func `scrypt gives what RFC 7914 says`() throws {
        // Section 12, the vectors with N = 16 and N = 1024, of which 32 of 64 bytes are the first half.
        let first = try PasswordHash(of: "", cost: PasswordCost(logN: 4, blockSize: 1, parallelism: 1), salt: [])
        #expect(UserHash.hex(first.hash) == "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442")
        let second = try PasswordHash(
            of: "password", cost: PasswordCost(logN: 10, blockSize: 8, parallelism: 16), salt: Array("NaCl".utf8))
        #expect(UserHash.hex(second.hash) == "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162")
    }

    @Test func `a hash is written with its cost and read again`() throws {
        let hash = try PasswordHash(of: "x", cost: Self.cheap, salt: Array(0..<16))
        #expect(hash.text.hasPrefix("$scrypt$ln=4,r=1,p=1$AAECAwQFBgcICQoLDA0ODw$"))
        #expect(PasswordHash(hash.text) == hash)
        #expect(try PasswordHash(hash.text)?.matches("x") == true)
        #expect(try PasswordHash(hash.text)?.matches("X") == false)
        let usual = PasswordCost.usual
        #expect(usual.isPayable && usual.logN == 17 && usual.blockSize == 8 && usual.parallelism == 1)
    }

    @Test(arguments: [
        "", "x", "$scrypt$ln=4,r=1,p=1$AA$AA", "$scrypt$ln=31,r=8,p=1$AAECAwQFBgcICQoLDA0ODw$" + base64("x"),
        "$argon2id$ln=4,r=1,p=1$AAECAwQFBgcICQoLDA0ODw$AA", "$scrypt$ln=-4,r=1,p=1$AA$AA", "$scrypt$$$$$",
    ])
    func `what is no hash that can be paid is none`(text: String) {
        #expect(PasswordHash(text) == nil)
    }

    @Test(arguments: [
        "short", "password", "PASSWORD", "password1", "Password2024!", "qwertyuiop", "aaaaaaaaaa", "12345678",
        "87654321",
        "ann@shop.example", "ANN@SHOP.EXAMPLE", "Ann Archer", String(repeating: "x9", count: 65),
    ])
    func `a password that is tried first is refused`(password: String) throws {
        #expect(PasswordRules.objection(to: password, try #require(email), "Ann Archer") != nil)
    }

    @Test(arguments: [
        "four small fish swim", "längeres", "correct horse", "zzyzxzyx", String(repeating: "x9", count: 64),
    ])
    func `a password needs no particular characters`(password: String) throws {
        #expect(PasswordRules.objection(to: password, try #require(email), "Ann Archer") == nil)
    }

    @Test func `two passwords are tried at once, some wait, and more are sent away`() async throws {
        let hasher = PasswordHasher(
            cost: PasswordCost(logN: 12, blockSize: 8, parallelism: 1), random: SystemRandom(), together: 2, most: 3)
        let outcomes = await withTaskGroup(of: String.self) { group in
            for _ in 0..<60 {
                group.addTask {
                    do { return try await hasher.matches("x", nil) ? "right" : "wrong" } catch let error as APIError {
                        return "\(error.status.code) \(error.code) \(error.retryAfter ?? 0)"
                    } catch { return "\(error)" }
                }
            }
            return await group.reduce(into: [String: Int]()) { $0[$1, default: 0] += 1 }
        }
        #expect(Set(outcomes.keys).isSubset(of: ["wrong", "429 busy 5"]))
        #expect(outcomes["wrong", default: 0] >= 5)
        // Afterwards there is room again.
        #expect(try await hasher.hash("x").matches("x"))
    }

    @Test func `addresses are the same in lower case, and nothing odd is one`() {
        #expect(EmailAddress(" Ann@SHOP.example ") == EmailAddress("ann@shop.example"))
        #expect(EmailAddress(" Ann@SHOP.example ")?.text == "Ann@SHOP.example")
        #expect(EmailAddress("ann@localhost") != nil)
        for text in ["", "ann", "@shop", "ann@", "a@b@c", "a b@c", "a@b..c", "a@.c", "a\u{0}@b", "a@b\r\nBcc: c"] {
            #expect(EmailAddress(text) == nil, "\(text)")
        }
        #expect(EmailAddress(String(repeating: "a", count: 64) + "@" + String(repeating: "b", count: 189)) != nil)
        #expect(EmailAddress(String(repeating: "a", count: 64) + "@" + String(repeating: "b", count: 190)) == nil)
    }
}
