"""How invented names sound in each language: syllables, their native spelling, trades, legal forms, streets."""

from dataclasses import dataclass

_TRADE_ORDER = (
    *("garments", "textiles", "footwear", "electronics", "gloves", "seafood", "sugar", "cocoa", "palm_oil", "produce"),
    *("bricks", "stone", "solar", "furniture", "construction", "cleaning", "laundry", "catering", "security"),
    *("logistics", "software"),
)


def _trades(words: str) -> dict[str, list[str]]:
    return {key: choice.strip().split("/") for key, choice in zip(_TRADE_ORDER, words.split(";"), strict=True)}


TRADES: dict[str, dict[str, list[str]]] = {
    "en": _trades(
        "Garments/Apparel/Fashions; Textiles/Spinning Mills/Weaving; Footwear/Shoes;"
        " Electronics/Components/Devices;"
        "Gloves/Rubber Products/Latex; Seafood/Frozen Foods/Marine Products; Sugar/Sugar Mills;"
        " Cocoa/Cocoa Estates;"
        "Palm Oil/Plantations; Fresh Produce/Farms/Growers; Bricks/Brick Works; Granite/Stone/Quarries;"
        "Solar/Solar Modules/Photovoltaics; Furniture/Wood Works/Timber; Construction/Builders/Contracting;"
        "Cleaning Services/Facility Care; Laundry Services/Linen Services; Catering/Canteens;"
        " Security Services/Guarding;"
        "Logistics/Haulage/Freight; Software/IT Services/Systems"
    ),
    "es": _trades(
        "Confecciones/Textiles y Moda; Tejidos/Hilados; Calzado/Calzados; Electrónica/Componentes; Guantes/Látex;"
        "Mariscos/Pesquera/Productos del Mar; Azucarera/Ingenio; Cacao/Cacaotera; Aceites de Palma/Palmera;"
        "Hortalizas/Agrícola/Frutas; Ladrillos/Ladrillera; Granitos/Canteras; Energía Solar/Solar; Muebles/Maderas;"
        "Construcciones/Obras; Limpiezas/Servicios de Limpieza; Lavandería/Lavanderías; Catering/Comedores;"
        "Seguridad/Vigilancia; Transportes/Logística; Sistemas/Informática"
    ),
    "pt": _trades(
        "Confecções/Vestuário; Têxtil/Fiação; Calçados/Sapatos; Eletrônica/Componentes; Luvas/Látex;"
        " Pescados/Pesca;"
        "Açúcar/Usina; Cacau/Cacaueira; Óleo de Palma/Dendê; Hortifrúti/Agrícola/Frutas; Olaria/Cerâmica;"
        "Granitos/Mineração de Pedra; Energia Solar/Solar; Móveis/Madeiras; Construções/Engenharia;"
        " Limpeza/Conservação;"
        "Lavanderia/Lavanderias; Refeições/Alimentação; Segurança/Vigilância; Transportes/Logística;"
        " Sistemas/Informática"
    ),
    "fr": _trades(
        "Confection/Vêtements; Textiles/Filatures; Chaussures/Souliers; Électronique/Composants; Gants/Latex;"
        "Pêcheries/Produits de la Mer; Sucrerie/Sucres; Cacao/Plantations de Cacao; Palmeraies/Huiles de Palme;"
        "Primeurs/Agricole; Briqueterie/Briques; Granits/Carrières; Solaire/Énergie Solaire; Meubles/Bois;"
        "Construction/Bâtiment; Nettoyage/Propreté; Blanchisserie/Linge; Restauration/Traiteur;"
        " Sécurité/Gardiennage;"
        "Transports/Logistique; Informatique/Logiciels"
    ),
    "de": _trades(
        "Bekleidung/Textilien; Weberei/Spinnerei; Schuhe/Schuhfabrik; Elektronik/Gerätebau; Handschuhe/Gummiwerk;"
        "Fischwaren/Meereskost; Zucker/Zuckerwerke; Kakao/Kakaohandel; Pflanzenöle/Ölwerke;"
        " Obst und Gemüse/Gartenbau;"
        "Ziegelei/Ziegelwerk; Naturstein/Steinbruch; Solartechnik/Solar; Möbel/Holzwerke; Bau/Hochbau;"
        "Gebäudereinigung/Reinigung; Wäscherei/Textilpflege; Gastronomie/Kantinen; Sicherheit/Wachdienst;"
        "Spedition/Logistik; Software/Systemhaus"
    ),
    "it": _trades(
        "Confezioni/Abbigliamento; Tessuti/Filatura; Calzature/Calzaturificio; Elettronica/Componenti;"
        " Guanti/Gomma;"
        "Ittica/Prodotti Ittici; Zuccheri/Zuccherificio; Cacao/Cioccolato; Oli Vegetali/Oli; Ortofrutta/Agricola;"
        "Laterizi/Fornace; Graniti/Cave; Solare/Fotovoltaico; Mobili/Arredi/Legnami; Costruzioni/Edile;"
        " Pulizie/Servizi;"
        "Lavanderia/Lavanderie; Ristorazione/Mense; Vigilanza/Sicurezza; Trasporti/Logistica; Informatica/Sistemi"
    ),
    "tr": _trades(
        "Konfeksiyon/Giyim; Tekstil/İplik; Ayakkabı/Deri; Elektronik/Elektrik; Eldiven/Kauçuk;"
        " Su Ürünleri/Balıkçılık;"
        "Şeker/Şekercilik; Kakao/Kakaoculuk; Yağ/Bitkisel Yağ; Sebze Meyve/Tarım; Tuğla/Kiremit; Granit/Mermer;"
        "Güneş Enerjisi/Solar; Mobilya/Ahşap; İnşaat/Yapı; Temizlik/Tesis Yönetimi; Çamaşırhane/Yıkama;"
        "Yemekçilik/Catering; Güvenlik/Koruma; Nakliyat/Lojistik; Yazılım/Bilişim"
    ),
    "id": _trades(
        "Garmindo/Busana; Tekstil/Benang; Sepatu/Alas Kaki; Elektronika/Komponen; Sarung Tangan/Karet;"
        "Perikanan/Hasil Laut; Gula/Tebu; Kakao/Kebun Kakao; Sawit/Perkebunan Sawit; Pertanian/Hortikultura;"
        "Bata/Genteng; Granit/Batu; Tenaga Surya/Surya; Mebel/Kayu; Konstruksi/Bangunan; Kebersihan/Jasa Bersih;"
        "Penatu/Linen; Boga/Katering; Pengamanan/Keamanan; Angkutan/Logistik; Perangkat Lunak/Sistem"
    ),
    "pl": _trades(
        "Odzież/Konfekcja; Tkaniny/Przędzalnia; Obuwie/Buty; Elektronika/Podzespoły; Rękawice/Guma;"
        " Ryby/Przetwórstwo Rybne;"
        "Cukrownia/Cukier; Kakao/Słodycze; Oleje/Tłuszcze; Warzywa/Owoce/Ogrodnictwo; Cegielnia/Ceramika;"
        " Granit/Kamień;"
        "Energia Słoneczna/Solar; Meble/Tartak; Budownictwo/Budowa; Sprzątanie/Czystość; Pralnia/Pranie;"
        " Gastronomia/Stołówki;"
        "Ochrona/Dozór; Transport/Spedycja; Oprogramowanie/Systemy"
    ),
    "ro": _trades(
        "Confecții/Îmbrăcăminte; Textile/Filatura; Încălțăminte/Pielărie; Electronice/Componente; Mănuși/Cauciuc;"
        "Pescărie/Pește; Zahăr/Zahărul; Cacao/Cofetărie; Uleiuri/Ulei; Legume/Fructe/Agricola; Cărămida/Ceramica;"
        "Granit/Cariera; Solar/Energie Solară; Mobila/Lemn; Construcții/Edil; Curățenie/Salubrizare;"
        " Spălătorie/Lenjerie;"
        "Alimentație/Cantina; Pază/Securitate; Transporturi/Logistica; Sisteme/Informatica"
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Speech:
    """How names are made in one language.

    Heads and tails are (Latin spelling, native spelling or ""); `shape` places {brand}, {trade} and {form};"
    " the native
    shape is "" where the language is written in Latin letters here.
    """

    heads: list[tuple[str, str]]
    tails: list[tuple[str, str]]
    trades: str
    forms: list[str]
    shape: str
    native_shape: str
    street: str
    place_tails: list[tuple[str, str]]


def _pairs(text: str) -> list[tuple[str, str]]:
    parts = [word.partition("=") for word in text.split()]
    return [(latin, native) for latin, _, native in parts]


_ENGLISH_STREET = "{number} {street} Road"
_PLOT = "Plot {number}, {street} Industrial Area"

SPEECHES: dict[str, Speech] = {
    "chinese": Speech(
        _pairs("Wen=文 Rui=瑞 Heng=恒 Jia=嘉 Qing=庆 Shun=顺 Ze=泽 Bo=博 Yong=永 Lian=联 Tai=泰 Xu=旭 Ning=宁 Hui=惠"
               " Kang=康 Long=隆 Yue=悦 Sen=森 Zhi=志 Pei=沛 Chang=昌 Ming=铭 Gui=桂 An=安 Fei=飞 Hao=浩 Cheng=诚"),
        _pairs("lin=林 ran=然 qi=琪 hui=汇 yuan=源 feng=丰 da=达 sheng=盛 li=利 bang=邦 tong=通 xing=兴 mei=美 ke=科"
               " ye=业 hang=航 wei=威 zhen=振 rong=荣 fu=富 ya=雅 quan=泉 ding=鼎 shi=世 cai=彩 ting=庭 he=禾 lang=朗"),
        "en", ["Co., Ltd.", "Co., Ltd.", "Co Ltd", "Company Limited", "Group Co., Ltd."], "{brand} {trade} {form}",
        "{brand}实业有限公司", "No. {number} {street} Road", _pairs("shan=山 zhou=州 jiang=江 he=河 ping=坪 kou=口"),
    ),
    "vietnamese": Speech(
        _pairs("Thanh Minh Hoa Phu Tan Gia Duc An Quang Hung Long Bao Kim Nhat Viet Lam Tin Dai Khanh Xuan Hai"
               " Son Ngoc Tri"),
        _pairs("phat loc vien hoang tien thinh dat cuong hai vinh thuan nghia lan phong ha tam linh khoa bach"
               " truong quy chau"),
        "en", ["JSC", "Co., Ltd", "Company Limited", "Corp.", "TNHH", "Joint Stock Company"],
        "{brand} {trade} {form}", "",
        "Lot {number}, {street} Industrial Zone", _pairs("giang dinh ninh phuoc tho khe"),
    ),
    "bengali": Speech(
        _pairs("Shona=সোনা Meghna=মেঘনা Rupa=রূপা Nodi=নদী Kolpo=কল্প Dipa=দীপা Joba=জবা Tara=তারা Shurjo=সূর্য"
               " Bindu=বিন্দু"
               " Ananda=আনন্দ Moyur=ময়ূর Padma=পদ্মা Shimul=শিমুল Nobo=নব Probal=প্রবাল Akash=আকাশ Chitra=চিত্রা"),
        _pairs("li=লি bari=বাড়ি tola=তলা ni=নি dhara=ধারা jit=জিৎ mala=মালা rekha=রেখা ban=বন shree=শ্রী ko=কো"
               " moni=মণি"
               " pur=পুর char=চর ta=তা ron=রণ lekha=লেখা kanon=কানন"),
        "en", ["Ltd.", "Limited", "Pvt. Ltd.", "(BD) Ltd.", "Industries Ltd."], "{brand} {trade} {form}",
        "{brand} লিমিটেড",
        _PLOT, _pairs("ganj=গঞ্জ khali=খালী hat=হাট para=পাড়া danga=ডাঙ্গা gaon=গাঁও"),
    ),
    "hindi": Speech(
        _pairs("Aru=अरु Vina=वीना Soma=सोमा Rudra=रुद्र Kesha=केशा Mani=मणि Nava=नव Lalit=ललित Hari=हरि"
               " Deva=देव Chand=चन्द"
               " Gauri=गौरी Surya=सूर्य Tara=तारा Ratna=रत्न Jaya=जया Ujjwal=उज्ज्वल Moti=मोती Bhanu=भानु"
               " Kamal=कमल"),
        _pairs("ntika=न्तिका deep=दीप van=वन lok=लोक shri=श्री jit=जीत mala=माला tej=तेज nath=नाथ kiran=किरण"
               " veer=वीर"
               " sagar=सागर lata=लता dhara=धारा raj=राज mitra=मित्र path=पथ kosh=कोश bandhu=बन्धु vat=वत"),
        "en", ["Pvt. Ltd.", "Private Limited", "Ltd.", "& Sons", "LLP", "Enterprises"], "{brand} {trade} {form}",
        "{brand} प्राइवेट लिमिटेड", "Plot No. {number}, {street} Nagar",
        _pairs("pur=पुर nagar=नगर garh=गढ़ gaon=गाँव kot=कोट wadi=वाडी"),
    ),
    "urdu": Speech(
        _pairs("Noor Zafar Gul Shah Mehr Sabir Anwar Rehan Qamar Firdos Tariq Hamid Yousaf Bilal Jahan Sitara"
               " Almas Kohsar Asad"),
        _pairs("een abad stan zar dil waz oush nama mand ara gar pash ville yan kar sher tan ruba"),
        "en", ["(Pvt.) Ltd.", "(Private) Limited", "Ltd.", "& Co.", "Mills Ltd."], "{brand} {trade} {form}", "",
        _PLOT, _pairs("abad pura kot wala garh tal"),
    ),
    "thai": Speech(
        _pairs("Siri=ศิริ Thana=ธนา Chai=ชัย Rung=รุ่ง Wong=วงศ์ Nara=นรา Suwa=สุวะ Kitti=กิตติ Pana=ปนา"
               " Maha=มหา Udom=อุดม"
               " Sak=ศักดิ์ Boon=บุญ Prem=เปรม Ratta=รัตนะ Thep=เทพ Anan=อนันต์ Jira=จิระ"),
        _pairs("porn=พร chok=โชค watt=วัฒน์ nit=นิตย์ thong=ทอง sin=สิน dee=ดี roj=โรจน์ charn=ชาญ kul=กุล"
               " phan=พันธุ์ mit=มิตร"
               " sri=ศรี lert=เลิศ mongkol=มงคล sombat=สมบัติ rat=รัตน์ phol=ผล"),
        "en", ["Co., Ltd.", "Co., Ltd.", "Public Company Limited", "Ltd., Part.", "Company Limited"],
        "{brand} {trade} {form}", "บริษัท {brand} จำกัด", "{number} Moo 4, {street} Road",
        _pairs("buri=บุรี thani=ธานี khet=เขต nakhon=นคร bang=บาง korat=โคราช"),
    ),
    "malay": Speech(
        _pairs("Seri Intan Murni Jaya Bintang Cahaya Mega Suria Teguh Wira Setia Kasturi Delima Perkasa"
               " Gemilang Permai Mutiara"),
        _pairs("mas ria din lestari wangsa bumi tama sari jati kota laut niaga rimba budi puri makmur damai"),
        "en", ["Sdn. Bhd.", "Sdn Bhd", "Bhd.", "Berhad", "(M) Sdn. Bhd."], "{brand} {trade} {form}", "",
        "Lot {number}, Jalan {street}", _pairs("kuala ampang batu pasir teluk rawang"),
    ),
    "indonesian": Speech(
        _pairs("Karya Sinar Surya Cipta Bina Tunas Graha Rajawali Citra Sumber Mitra Agung Prima Wahana Nusa"
               " Buana Adi Tirta"),
        _pairs("tama jaya lestari sentosa abadi makmur persada mandiri utama kencana pratama raya indah perkasa"
               " subur mulia"),
        "id", ["PT", "PT", "PT.", "CV", "UD"], "{form} {brand} {trade}", "",
        "Jl. {street} No. {number}", _pairs("rejo sari karta bumi teluk rawa"),
    ),
    "khmer": Speech(
        _pairs("Sok Chan Dara Phal Rith Bopha Sovan Kosal Mony Vanna Serey Pich Rasmey Tep Nary Chea"),
        _pairs("phea thy ra veasna dy mony rath chenda na sambo roth lina vuthy pisey neary"),
        "en", ["Co., Ltd.", "(Cambodia) Co., Ltd.", "Co Ltd", "Enterprise"], "{brand} {trade} {form}", "",
        "No. {number}, {street} Street", _pairs("kandal chhnang thom speu prey trang"),
    ),
    "filipino": Speech(
        _pairs("Mabu Tala Lua Ligaya Hiraya Bayani Sinag Agila Dalisay Kislap Amihan Marikit Luntian Silang"
               " Tanglaw"),
        _pairs("hay ran mar dong wan tas lakas gan yao nilad pas ton mata lan bato"),
        "en", ["Inc.", "Corporation", "Corp.", "Trading Inc.", "Enterprises, Inc."], "{brand} {trade} {form}", "",
        "{number} {street} Avenue", _pairs("ngasinan ran uyo bon tagay cal"),
    ),
    "sinhala": Speech(
        _pairs("Lanka Ruwan Sama Nila Mihin Sura Kanthi Sanda Maha Rathna Gamini Wijaya Piya Ama Dinuka"),
        _pairs("seth lanka wela tara mali giri putha vila nada sena dara kanda jaya thilaka"),
        "en", ["(Pvt) Ltd", "PLC", "Lanka (Pvt) Ltd", "Limited"], "{brand} {trade} {form}", "",
        _ENGLISH_STREET, _pairs("gama pitiya watta wela goda deniya"),
    ),
    "turkish": Speech(
        _pairs("Yıldız Ak Kara Güneş Çelik Demir Altın Doğan Şahin Öz Bereket Umut Deniz Kaya Işık Gök Toprak"
               " Yeşil Kartal"),
        _pairs("soy han tepe sel oğlu er taş su el can bey su ev kan alp ova ırmak ay"),
        "tr", ["San. ve Tic. A.Ş.", "Ltd. Şti.", "A.Ş.", "San. Tic. Ltd. Şti."], "{brand} {trade} {form}", "",
        "{street} Cad. No: {number}", _pairs("köy hisar pazarı dere bel ören"),
    ),
    "arabic": Speech(
        _pairs("Noor=نور Safa=صفا Rayan=ريان Najm=نجم Wadi=وادي Zahra=زهرة Bahr=بحر Amal=أمل Qasr=قصر Fajr=فجر"
               " Jaz=جاز"
               " Badr=بدر Sahl=سهل Hilal=هلال Rimal=رمال Marsa=مرسى"),
        _pairs("een=ين at=ات iya=ية an=ان oud=ود al=ال am=ام ous=وس ar=ار abi=ابي ema=يمة una=ونة adi=ادي"),
        "en", ["LLC", "L.L.C.", "W.L.L.", "S.A.E.", "Est.", "Trading Co. LLC"], "Al {brand} {trade} {form}",
        "شركة {brand} المحدودة",
        "{number} {street} Street", _pairs("iya=ية abad=اباد hama=حمة tal=تل shatt=شط"),
    ),
    "amharic": Speech(
        _pairs("Abeba Tena Selam Biruk Hiwot Mesob Tsehay Desta Zena Kokeb Lemlem Alem Fikir"),
        _pairs("wi gash meles sira ye negat dar tu webet mariam ke lign"),
        "en", ["PLC", "Share Company", "P.L.C.", "S.C."], "{brand} {trade} {form}", "",
        _PLOT, _pairs("dawa wolo gena bora meda"),
    ),
    "swahili": Speech(
        _pairs("Nuru Baraka Simba Tumaini Jua Bahari Mwanga Upendo Kilima Zawadi Mto Pwani Nyota Amani"),
        _pairs("ni zuri wema kuu moja safi pendo kazi bora mali tele huru"),
        "en", ["Ltd", "Limited", "Growers Ltd", "EPZ Ltd", "Enterprises"], "{brand} {trade} {form}", "",
        _ENGLISH_STREET, _pairs("kuru ndu lima pwani songo"),
    ),
    "akan": Speech(
        _pairs("Adom Nyame Kofi Sika Asase Odo Nhyira Anidaso Osu Akoma Bonsu Ahoto Yaa"),
        _pairs("ba so wa ye fo pa kro mu ne asem hene pono"),
        "en", ["Ltd", "Company Limited", "Limited", "Ventures", "Enterprise"], "{brand} {trade} {form}", "",
        _ENGLISH_STREET, _pairs("kro ase wiase so fie"),
    ),
    "french": Speech(
        _pairs("Étoile Bel Clair Mont Fort Val Rive Haut Sol Beau Terre Lac Bois Port Vent Azur"),
        _pairs("ivoire mer croix champ cour lune pré vie rose nord fleur ambre sud île aube"),
        "fr", ["SARL", "S.A.R.L.", "SA", "SAS", "Sarl"], "{brand} {trade} {form}", "", "{number} rue {street}",
        _pairs("kro bourg ville mont rive"),
    ),
    "english": Speech(
        _pairs("Ash Thorn Bright Marl Wick Fern Hol Cross Rad Stone Elm Wether Hart Lang Black White Cold Fair"
               " North Old Brom"),
        _pairs("wick brook moor field ley combe hurst worth gate mere bourne ridge croft dale well holt stead"
               " ford cliffe"),
        "en", ["Ltd", "Limited", "Ltd.", "PLC", "LLP", "Group Ltd", "Inc.", "LLC"], "{brand} {trade} {form}", "",
        _ENGLISH_STREET,
        _pairs("ton ham bury chester wick"),
    ),
    "german": Speech(
        _pairs("Wald Berg Stein Lind Eich Ross Kron Brück Neu Alt Hoch Grün Fels Sand Hof Klein Rauten Silber"),
        _pairs("bach mann feld hardt wald born thal rath horn stett kamp loh brunn see werk"),
        "de", ["GmbH", "GmbH & Co. KG", "AG", "e.K.", "UG (haftungsbeschränkt)"], "{brand} {trade} {form}", "",
        "{street}straße {number}",
        _pairs("hausen burg stadt dorf heim"),
    ),
    "italian": Speech(
        _pairs("Bel Monte Val Serra Rocca Torre Fonta Castel Vera Luna Stella Campo Ripa Selva Alba"),
        _pairs("fiore verde nuova lago rosso dina lieto chiara forte nera sole ventina mare grana"),
        "it", ["S.r.l.", "Srl", "S.p.A.", "S.n.c.", "Soc. Coop."], "{brand} {trade} {form}", "",
        "Via {street} {number}",
        _pairs("ino ano eto ello ara"),
    ),
    "spanish": Speech(
        _pairs("Monte Valle Rio Sol Luz Piedra Campo Loma Sierra Cerro Alto Buena Vera Palma Prado Santa Oro"
               " Laguna"),
        _pairs("verde claro hermoso vista nuevo dorado real bravo serena lindo fuente norte sol alegre mar rosa"),
        "es", ["S.A.", "S.A. de C.V.", "S.L.", "S. de R.L.", "S.A.C.", "Cía. Ltda.", "S.R.L."],
        "{trade} {brand} {form}", "",
        "Calle {street} {number}", _pairs("illo ares ejo osa illa"),
    ),
    "portuguese": Speech(
        _pairs("Serra Campo Vale Rio Bela Pedra Boa Lagoa Ponte Monte Alvo Mar Sol Aroeira Ipê Jacarandá"),
        _pairs("verde clara nova brava dourada alta vista serena real linda forte azul norte mansa"),
        "pt", ["Ltda.", "Ltda", "S.A.", "S/A", "Lda.", "EIRELI"], "{brand} {trade} {form}", "",
        "Rua {street}, {number}",
        _pairs("ópolis inho eira ães ais"),
    ),
    "polish": Speech(
        _pairs("Jas Brzo Dębo Krzem Miło Zielo Wierz Lipo Sosno Biało Rado Stani Złoto Bystro Czar"),
        _pairs("pol wit bud mir nica tex wex gór las mar lux ław dar rzecz"),
        "pl", ["Sp. z o.o.", "sp. z o.o.", "S.A.", "Sp. j.", "s.c."], "{brand} {trade} {form}", "",
        "ul. {street} {number}",
        _pairs("owo ice ów anka iny"),
    ),
    "romanian": Speech(
        _pairs("Lun Codr Vale Stej Brad Dun Izvor Mure Plai Câmp Roua Zori Pădu Cerb"),
        _pairs("ana aru eanu ița ova ești iș oiu ul ina ara el"),
        "ro", ["SRL", "S.R.L.", "SA", "S.A."], "{form} {brand} {trade}", "", "Str. {street} nr. {number}",
        _pairs("ești eni oara ița uși"),
    ),
    "ukrainian": Speech(
        _pairs("Zor=Зор Lis=Ліс Sonk=Сонк Dub=Дуб Kalyn=Калин Step=Степ Horn=Горн Chaik=Чайк Rosav=Росав"
               " Verb=Верб Barv=Барв"
               " Myro=Миро Svit=Світ Vesn=Весн"),
        _pairs("ana=ана ets=ець ivka=івка ovyk=овик yan=ян ko=ко yna=ина inets=інець ar=ар ava=ава una=уна ysh=иш"),
        "en", ["LLC", "TOV", "PrJSC", "PP"], "{brand} {trade} {form}", "ТОВ «{brand}»", "vul. {street} {number}",
        _pairs("ivka=івка sk=ськ pil=піль hrad=град"),
    ),
    "uzbek": Speech(
        _pairs("Oltin=Олтин Yulduz=Юлдуз Bahor=Баҳор Zarafsh=Зарафш Nur=Нур Gulist=Гулист Tong=Тонг Sharq=Шарқ"
               " Obod=Обод"
               " Kumush=Кумуш Marv=Марв Dala=Дала"),
        _pairs("on=он zor=зор vodiy=водий li=ли tosh=тош bek=бек diyor=диёр kent=кент soy=сой or=ор chi=чи"),
        "en", ["MCHJ", "LLC", "JSC", "AJ", "TOO"], "{brand} {trade} {form}", "ООО «{brand}»",
        "{street} ko'chasi {number}",
        _pairs("kent=кент obod=обод tepa=тепа qala=қала"),
    ),
    "japanese": Speech(
        _pairs("Aki=秋 Hoshi=星 Mori=森 Kawa=川 Naga=長 Taka=高 Fuji=藤 Ishi=石 Matsu=松 Yuki=雪 Hana=花"
               " Shira=白 Kuro=黒 Sawa=沢"),
        _pairs("moto=本 zaki=崎 da=田 hara=原 mura=村 no=野 saka=坂 shima=島 bata=畑 gawa=川 mine=峰 tani=谷"),
        "en", ["Co., Ltd.", "K.K.", "Kogyo Co., Ltd.", "Sangyo K.K."], "{brand} {trade} {form}", "株式会社{brand}",
        "{number} {street}-cho",
        _pairs("saki=崎 hama=浜 tani=谷 oka=岡"),
    ),
    "korean": Speech(
        _pairs("Han=한 Dae=대 Seo=서 Gang=강 Woo=우 Jin=진 Hyun=현 Sam=삼 Dong=동 Young=영 Kyung=경 Sun=선 Min=민"),
        _pairs("bit=빛 rim=림 won=원 song=송 il=일 min=민 nam=남 hwa=화 sang=상 teo=터 mir=미르 gyeol=결"),
        "en", ["Co., Ltd.", "Corp.", "Industrial Co., Ltd.", "Inc."], "{brand} {trade} {form}", "주식회사 {brand}",
        "{number} {street}-ro",
        _pairs("cheon=천 san=산 ju=주 pyeong=평"),
    ),
}  # fmt: skip
