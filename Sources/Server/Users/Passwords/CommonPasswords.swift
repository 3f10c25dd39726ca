/// The passwords that are tried first, as far as they have eight characters or more: from the lists that are published
/// after every large leak. In lower case.
enum CommonPasswords {
    /// - Parameter password: in lower case.
    static func contains(_ password: String) -> Bool {
        if all.contains(password) { return true }
        // The same with a year, some digits or a mark behind: "football1", "password2024!".
        let core = password.reversed().drop { $0.isNumber || "!?.@#$*-_".contains($0) }
        return core.count >= 4 && core.count < password.count && all.contains(String(core.reversed()))
    }

    private static let all = Set(
        """
        password passw0rd p@ssw0rd p@ssword pa55word password1 password12 password123 password1234 passwort passwords \
        mypassword newpassword thepassword changeme changeit letmein letmeinnow welcome welcome1 welcome123 \
        iloveyou ilovehim iloveher iloveu iloveme lovelove loveyou sunshine princess football baseball basketball \
        superman spiderman batman ironman starwars pokemon dragon dragonball monkey shadow master michael jennifer \
        jessica michelle charlie christian alexander alexandra nicholas samantha veronica elizabeth stephanie victoria \
        benjamin william jonathan anthony danielle patricia francesca valentina qwertyuiop qwertyui qwerty qwerty1 \
        qwerty12 qwerty123 qwerty1234 qwertz qwertzui qwertzuiop azerty azertyuiop asdfghjk asdfghjkl asdfasdf asdf1234 \
        zxcvbnm zxcvbnm1 1q2w3e4r 1q2w3e4r5t 1q2w3e4r5t6y q1w2e3r4 q1w2e3r4t5 1qaz2wsx 1qazxsw2 zaq12wsx qazwsxedc \
        qazwsx qweasdzxc qweasd 123qweasd qwe123qwe 123456789a a123456789 a1234567 a12345678 abcd1234 abc12345 abc123 \
        abcdefgh1 abc123456 1234abcd 12345qwert 123123123 1231231234 12341234 11223344 1122334455 12121212 123321123 \
        123654789 147258369 159357456 987654321 9876543210 0987654321 1234567890 12345678910 123456789 12345678 \
        01234567 0123456789 13131313 10203040 14725836 69696969 88888888 00000000 11111111 22222222 55555555 66666666 \
        77777777 99999999 19871987 20002000 administrator admin admin123 admin1234 adminadmin administrador rootroot \
        rootpassword toortoor testtest test1234 testing testing1 test12345 guestguest useruser username default \
        computer internet samsung google facebook linkedin microsoft windows apple123 access14 trustno1 whatever \
        mustang corvette ferrari mercedes porsche yamaha harley hunter2 hunter12 hunter maverick phoenix cowboys \
        steelers yankees liverpool liverpool1 chelsea arsenal barcelona realmadrid juventus manchester rangers celtic \
        butterfly chocolate cookie cheese banana strawberry pineapple buttercup cupcake rainbow sunflower jasmine \
        tinkerbell snowball summer winter spring autumn freedom forever blessed jesus jesus1 jesuschrist heaven angel \
        angels angel123 babygirl babyboy beautiful lovely sweetheart sweetie darling kimberly brittany hellokitty \
        playstation nintendo minecraft fortnite metallica slipknot nirvana greenday blink182 eminem marlboro budweiser \
        scooter thunder lightning midnight diamond diamonds goldfish dolphin dolphins elephant panther tigger tiger \
        secret secret123 topsecret private security supersecret shoal shoalshoal shop shopshop myshop webshop store \
        mystore customer segment segments
        """.split(separator: " ").map(String.init))
}
