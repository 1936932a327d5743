"""Stories written for these tests, in several languages: what must survive every cut."""

TITLES = {
    "en": "Harbour bridge reopens after two years of repairs",
    "id": "Jembatan pelabuhan dibuka kembali setelah dua tahun",
    "de": "Hafenbrücke nach zwei Jahren wieder offen",
    "ru": "Мост в порту открыли после ремонта",
    "es": "El puente del puerto reabre tras dos años de obras",
    "zh": "港口大桥经过两年维修重新开放",
    "ja": "港の橋、二年の修理を終えて再開",
    "ar": "إعادة فتح جسر الميناء بعد عامين من الإصلاح",
    "th": "สะพานท่าเรือเปิดอีกครั้งหลังซ่อมสองปี",
}

STORIES = {
    "en": """PORTLAND (NW) - The harbour bridge reopened to traffic on Monday, two years after engineers found cracks in its steel arch and closed it overnight.

City officials said the repairs had cost 48 million dollars, about a third more than planned, because the arch had to be replaced in sections while ships passed below.

"We waited for this day for a long time," said Mayor Ellen Price, who crossed the bridge on foot with several hundred residents. "The harbour is one town again."

Bus lines 4 and 9 will use the bridge from Tuesday. The ferry that had carried workers between the two banks will stop at the end of the month.

Engineers will inspect the arch twice a year and publish the results, the city said. A new layer of paint is to protect the steel against salt water for at least two decades.

Shop owners on the northern bank, who lost many customers during the closure, hope that the reopening brings people back before the winter.""",
    "id": """SEMARANG (NW) - Jembatan pelabuhan dibuka kembali untuk lalu lintas pada Senin, dua tahun setelah petugas menemukan retakan pada lengkung baja dan menutupnya pada malam hari.

Pemerintah kota mengatakan perbaikan itu menelan biaya Rp48 miliar, sekitar sepertiga lebih besar daripada rencana, karena lengkung harus diganti bagian demi bagian sementara kapal tetap lewat di bawahnya.

"Kami sudah lama menunggu hari ini," kata Wali Kota Retno Wulandari yang menyeberangi jembatan bersama ratusan warga. "Pelabuhan ini menjadi satu kota lagi."

Bus jalur 4 dan 9 akan melewati jembatan mulai Selasa. Feri yang selama ini mengangkut pekerja di antara kedua tepi akan berhenti pada akhir bulan.

Petugas akan memeriksa lengkung dua kali setahun dan mengumumkan hasilnya kepada warga. Lapisan cat baru akan melindungi baja dari air laut selama sedikitnya dua puluh tahun.""",
    "de": """HAMBURG (NW) - Die Hafenbrücke ist seit Montag wieder für den Verkehr offen, zwei Jahre nachdem Prüfer Risse im Stahlbogen gefunden und sie über Nacht gesperrt hatten.

Die Reparatur habe 48 Millionen Euro gekostet, sagte ein Sprecher der Stadt, etwa ein Drittel mehr als geplant, weil der Bogen in Abschnitten ersetzt werden musste, während darunter Schiffe fuhren.

„Auf diesen Tag haben wir lange gewartet“, sagte Bürgermeisterin Karin Voss, die mit mehreren Hundert Einwohnern zu Fuß über die Brücke ging.

Die Buslinien 4 und 9 fahren von Dienstag an über die Brücke. Die Fähre, die Arbeiter zwischen den Ufern befördert hatte, stellt den Betrieb zum Monatsende ein.

Prüfer sollen den Bogen zweimal im Jahr untersuchen. Ein neuer Anstrich soll den Stahl mindestens zwei Jahrzehnte lang vor Salzwasser schützen.""",
    "ru": """МУРМАНСК (NW) - Мост в порту открыли для движения в понедельник, через два года после того, как инженеры нашли трещины в стальной арке и закрыли его за одну ночь.

Ремонт обошелся городу в 48 миллионов рублей, сообщила мэрия, примерно на треть дороже плана, потому что арку меняли по частям, пока внизу шли корабли.

«Мы долго ждали этого дня», сказала мэр Елена Петрова, которая прошла по мосту вместе с жителями города.

Автобусы 4 и 9 пойдут по мосту со вторника. Паром, который возил рабочих между берегами, остановят в конце месяца.

Инженеры будут осматривать арку дважды в год. Новая краска должна защищать сталь от соленой воды не меньше двадцати лет.""",
    "es": """VALPARAÍSO (NW) - El puente del puerto reabrió al tráfico el lunes, dos años después de que los ingenieros hallaran grietas en el arco de acero y lo cerraran de noche.

Las obras costaron 48 millones, dijo el ayuntamiento, cerca de un tercio más de lo previsto, porque el arco tuvo que cambiarse por tramos mientras los barcos pasaban por debajo.

«Esperamos mucho este día», dijo la alcaldesa Elena Prieto, que cruzó el puente a pie con varios cientos de vecinos.

Los autobuses 4 y 9 usarán el puente desde el martes. El transbordador que llevaba a los obreros de una orilla a otra dejará de funcionar a fin de mes.""",
    "zh": """港口大桥星期一重新开放通车，两年前工程师在钢拱上发现裂缝，并在一夜之间将其关闭。

市政府表示，维修费用为四千八百万元，比计划多出约三分之一，因为船只在桥下通行期间，钢拱必须分段更换。

“我们等这一天等了很久，”市长李敏说，她和数百名居民一起步行过桥。

四路和九路公共汽车将从星期二起过桥。在两岸之间运送工人的渡轮将在月底停止运行。

工程师将每年检查钢拱两次，并公布结果。新的油漆将保护钢材至少二十年不受海水侵蚀。""",
    "ja": """港の橋が月曜日、二年ぶりに通行を再開した。技術者が鋼のアーチにひびを見つけ、一夜のうちに閉鎖していた。

市によると、修理には四千八百万円がかかり、計画より三割ほど高くなった。下を船が通る間に、アーチを少しずつ取り替える必要があったためだという。

「この日を長い間待っていました」と、数百人の住民と歩いて橋を渡った市長の森田恵子さんは述べた。

四番と九番のバスは火曜日から橋を通る。両岸の間で働く人を運んでいた渡し船は月末で終わる。""",
    "ar": """أعيد فتح جسر الميناء أمام حركة المرور يوم الاثنين، بعد عامين من اكتشاف المهندسين شقوقا في القوس الفولاذي وإغلاقه ليلا.

وقالت البلدية إن الإصلاح كلف ثمانية وأربعين مليونا، أي أكثر من الخطة بنحو الثلث، لأن القوس كان لا بد من تغييره قطعة بعد قطعة بينما تمر السفن تحته.

وقالت رئيسة البلدية التي عبرت الجسر سيرا مع مئات من السكان إن المدينة انتظرت هذا اليوم طويلا.

وستعبر الحافلتان الرابعة والتاسعة الجسر من يوم الثلاثاء، أما العبارة التي كانت تنقل العمال بين الضفتين فستتوقف في نهاية الشهر.""",
    "th": """สะพานท่าเรือเปิดให้รถผ่านอีกครั้งในวันจันทร์ หลังจากวิศวกรพบรอยร้าวในโครงเหล็กเมื่อสองปีก่อนและปิดสะพานในคืนเดียว

เทศบาลกล่าวว่าการซ่อมใช้เงินสี่สิบแปดล้านบาท มากกว่าแผนราวหนึ่งในสาม เพราะต้องเปลี่ยนโครงเหล็กทีละส่วนขณะที่เรือยังแล่นอยู่ข้างล่าง

นายกเทศมนตรีซึ่งเดินข้ามสะพานพร้อมกับชาวเมืองหลายร้อยคนกล่าวว่าทุกคนรอวันนี้มานาน

รถเมล์สายสี่และสายเก้าจะใช้สะพานตั้งแต่วันอังคาร ส่วนเรือข้ามฟากที่เคยรับส่งคนงานจะหยุดวิ่งในสิ้นเดือนนี้""",
}
